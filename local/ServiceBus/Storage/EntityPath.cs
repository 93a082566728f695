using System.Security.Cryptography;
using System.Text;

namespace Abm.Local.ServiceBus;

/// <summary>A queue, or a subscription of a topic, or the dead letters of either; names count without case.</summary>
/// <param name="Queue">The queue or the topic.</param>
/// <param name="Subscription">The subscription, or null for a queue.</param>
/// <param name="IsDeadLetter">The sub-queue of dead letters.</param>
internal sealed record EntityPath(string Queue, string? Subscription, bool IsDeadLetter)
{
    private const string DeadLetterSuffix = "/$DeadLetterQueue";
    private const int LongestName = 260;
    private const int LongestSubscription = 50;

    /// <summary>As the service writes it.</summary>
    public string Text => (Subscription is null ? Queue : $"{Queue}/Subscriptions/{Subscription}") + (IsDeadLetter ? DeadLetterSuffix : "");

    /// <summary>The partition of the entity's rows in the table; shared by a topic's subscriptions, so that a message reaches all of them in one transaction.</summary>
    public string Partition => PartitionOf(Queue);

    /// <summary>What the row keys of the entity's messages start with.</summary>
    public string RowPrefix => $"m~{Subscription?.ToLowerInvariant()}~";

    /// <summary>The storage queue that holds the entity's tickets.</summary>
    public string StorageQueue
    {
        get
        {
            string path = Text.ToLowerInvariant();
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..10];
            var slug = new StringBuilder();
            foreach (char c in Subscription is null ? Queue : $"{Queue}-{Subscription}")
                if (char.IsAsciiLetterOrDigit(c))
                    slug.Append(char.ToLowerInvariant(c));
                else if (slug.Length > 0 && slug[^1] != '-')
                    slug.Append('-');
            string readable = slug.ToString(0, Math.Min(slug.Length, 40)).Trim('-');
            return $"{(IsDeadLetter ? "sbdl" : "sb")}-{readable}-{hash}".Replace("--", "-", StringComparison.Ordinal);
        }
    }

    public EntityPath DeadLetters => this with { IsDeadLetter = true };

    public EntityPath WithoutDeadLetters => this with { IsDeadLetter = false };

    public static string PartitionOf(string queueOrTopic) => queueOrTopic.ToLowerInvariant().Replace('/', '~');

    /// <summary>Reads a queue's name, which may end in <c>/$DeadLetterQueue</c>.</summary>
    /// <exception cref="ArgumentException">No name that the service would take.</exception>
    public static EntityPath OfQueue(string queueName)
    {
        (string name, bool isDeadLetter) = Split(queueName);
        Check(name, LongestName, allowsSlash: true);
        return new EntityPath(name, null, isDeadLetter);
    }

    /// <summary>Reads a subscription's name, which may end in <c>/$DeadLetterQueue</c>.</summary>
    /// <exception cref="ArgumentException">No name that the service would take.</exception>
    public static EntityPath OfSubscription(string topicName, string subscriptionName)
    {
        Check(topicName, LongestName, allowsSlash: true);
        (string name, bool isDeadLetter) = Split(subscriptionName);
        Check(name, LongestSubscription, allowsSlash: false);
        return new EntityPath(topicName, name, isDeadLetter);
    }

    public override string ToString() => Text;

    private static (string Name, bool IsDeadLetter) Split(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.EndsWith(DeadLetterSuffix, StringComparison.OrdinalIgnoreCase) ? (name[..^DeadLetterSuffix.Length], true) : (name, false);
    }

    private static void Check(string name, int longest, bool allowsSlash)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        bool isName = name.Length <= longest && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' || (c == '/' && allowsSlash));
        if (!isName)
            throw new ArgumentException(
                $"'{name}' is no Service Bus name: letters, digits, '.', '-', '_'{(allowsSlash ? ", '/'" : "")}, a letter or digit at both ends, {longest} characters at most.", nameof(name));
    }
}
