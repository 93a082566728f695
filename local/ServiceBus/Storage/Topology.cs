using System.Text.Json;

namespace Abm.Local.ServiceBus;

/// <summary>How a queue or a subscription treats its messages.</summary>
internal sealed record MailboxOptions
{
    public static MailboxOptions Default { get; } = new();

    /// <summary>How long a received message stays locked. Default a minute.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries before a message becomes a dead letter. Default 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest life of a message; a shorter one of its own wins. Default: without end.</summary>
    public TimeSpan DefaultMessageTimeToLive { get; init; } = TimeSpan.MaxValue;

    /// <summary>Expired messages become dead letters; otherwise they vanish. Default false.</summary>
    public bool DeadLetteringOnMessageExpiration { get; init; }
}

/// <summary>A queue or a topic of the namespace.</summary>
internal sealed record EntityDescription
{
    public required string Name { get; init; }

    public required bool IsTopic { get; init; }

    /// <summary>A queue's options.</summary>
    public MailboxOptions Mailbox { get; init; } = MailboxOptions.Default;

    /// <summary>A topic's subscriptions by lower-case name.</summary>
    public IReadOnlyDictionary<string, MailboxOptions> Subscriptions { get; init; } = new Dictionary<string, MailboxOptions>();

    /// <summary>How long message ids are remembered to drop duplicates; null: they are not.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    public string Kind => IsTopic ? "topic" : "queue";

    /// <summary>This description with what the other one has beyond it; options that this one has stay.</summary>
    /// <exception cref="InvalidOperationException">One is a queue, the other a topic.</exception>
    public EntityDescription With(EntityDescription other)
    {
        if (IsTopic != other.IsTopic)
            throw new InvalidOperationException($"'{Name}' is a {Kind} and cannot be a {other.Kind} too; give one of them another name.");
        Dictionary<string, MailboxOptions> subscriptions = new(Subscriptions);
        foreach ((string name, MailboxOptions options) in other.Subscriptions)
            subscriptions.TryAdd(name, options);
        return this with { Subscriptions = subscriptions, DuplicateDetectionWindow = DuplicateDetectionWindow ?? other.DuplicateDetectionWindow };
    }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static EntityDescription FromJson(string json) =>
        JsonSerializer.Deserialize<EntityDescription>(json) ?? throw new JsonException("The stored description of an entity is empty.");
}

/// <summary>The namespace's entities as they are declared in the settings, by functions, or both; kept in the table so that every client knows them.</summary>
internal sealed class Declarations
{
    private readonly Dictionary<string, (EntityDescription Entity, bool IsWhole)> _entities = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<(EntityDescription Entity, bool IsWhole)> Entities => _entities.Values;

    /// <summary>Adds a declaration.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="isWhole">It says everything about the entity, as settings do; otherwise it only says that there is such an entity.</param>
    public void Add(EntityDescription entity, bool isWhole)
    {
        if (!_entities.TryGetValue(entity.Name, out (EntityDescription Entity, bool IsWhole) known))
            _entities[entity.Name] = (entity, isWhole);
        else if (isWhole)
            _entities[entity.Name] = (entity.With(known.Entity), true);
        else
            _entities[entity.Name] = (known.Entity.With(entity), known.IsWhole);
    }

    public void Add(EntityPath path) => Add(
        path.Subscription is { } subscription
            ? new EntityDescription { Name = path.Queue, IsTopic = true, Subscriptions = new Dictionary<string, MailboxOptions> { [subscription.ToLowerInvariant()] = MailboxOptions.Default } }
            : new EntityDescription { Name = path.Queue, IsTopic = false },
        isWhole: false);

    public void AddTopic(string name) => Add(new EntityDescription { Name = name, IsTopic = true }, isWhole: false);
}
