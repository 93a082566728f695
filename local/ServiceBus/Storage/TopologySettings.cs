using System.Globalization;
using Abm.Local.Hosting;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.ServiceBus;

/// <summary>
/// Reads the namespace's entities from the settings: <c>ServiceBus:Queues</c> and <c>ServiceBus:Topics:&lt;topic&gt;</c>, short as names parted by
/// commas or long as sections with options.
/// </summary>
internal static class TopologySettings
{
    private const string Root = "ServiceBus";
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(1); // the cloud has 5 seconds; tests are impatient
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    /// <exception cref="LocalRuntimeException">A name or an option cannot be used.</exception>
    public static Declarations Read(IConfiguration configuration)
    {
        var declared = new Declarations();
        IConfigurationSection queues = configuration.GetSection($"{Root}:Queues");
        foreach (string name in Names(queues.Value))
            declared.Add(Queue(queues, name, MailboxOptions.Default, null), isWhole: true);
        foreach (IConfigurationSection queue in queues.GetChildren())
        {
            Allow(queue, "LockDuration", "MaxDeliveryCount", "DefaultMessageTimeToLive", "DeadLetteringOnMessageExpiration", "DuplicateDetectionHistoryTimeWindow");
            declared.Add(Queue(queue, queue.Key, Mailbox(queue), DuplicateWindow(queue)), isWhole: true);
        }

        foreach (IConfigurationSection topic in configuration.GetSection($"{Root}:Topics").GetChildren())
            declared.Add(Topic(topic), isWhole: true);
        return declared;
    }

    private static EntityDescription Queue(IConfigurationSection section, string name, MailboxOptions options, TimeSpan? duplicates)
    {
        Named(section, () => EntityPath.OfQueue(name));
        return new EntityDescription { Name = name, IsTopic = false, Mailbox = options, DuplicateDetectionWindow = duplicates };
    }

    private static EntityDescription Topic(IConfigurationSection topic)
    {
        Allow(topic, "Subscriptions", "DuplicateDetectionHistoryTimeWindow");
        Dictionary<string, MailboxOptions> subscriptions = [];
        IConfigurationSection section = topic.GetSection("Subscriptions");
        foreach (string name in Names(topic.Value).Concat(Names(section.Value)))
            subscriptions[Subscription(topic, name)] = MailboxOptions.Default;
        foreach (IConfigurationSection subscription in section.GetChildren())
        {
            Allow(subscription, "LockDuration", "MaxDeliveryCount", "DefaultMessageTimeToLive", "DeadLetteringOnMessageExpiration");
            subscriptions[Subscription(topic, subscription.Key)] = Mailbox(subscription);
        }

        return new EntityDescription { Name = topic.Key, IsTopic = true, Subscriptions = subscriptions, DuplicateDetectionWindow = DuplicateWindow(topic) };
    }

    private static string Subscription(IConfigurationSection topic, string name)
    {
        Named(topic, () => EntityPath.OfSubscription(topic.Key, name));
        return name.ToLowerInvariant();
    }

    private static MailboxOptions Mailbox(IConfigurationSection section) => new()
    {
        LockDuration = Time(section, "LockDuration", ShortestLock, LongestLock) ?? MailboxOptions.Default.LockDuration,
        MaxDeliveryCount = Number(section, "MaxDeliveryCount", 1, 2000) ?? MailboxOptions.Default.MaxDeliveryCount,
        DefaultMessageTimeToLive = Time(section, "DefaultMessageTimeToLive", TimeSpan.FromSeconds(1), TimeSpan.MaxValue) ?? TimeSpan.MaxValue,
        DeadLetteringOnMessageExpiration = Flag(section, "DeadLetteringOnMessageExpiration") ?? false,
    };

    private static TimeSpan? DuplicateWindow(IConfigurationSection section) =>
        Time(section, "DuplicateDetectionHistoryTimeWindow", TimeSpan.FromSeconds(20), TimeSpan.FromDays(7));

    private static TimeSpan? Time(IConfigurationSection section, string key, TimeSpan least, TimeSpan most)
    {
        if (section[key] is not { Length: > 0 } text)
            return null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) && time >= least && time <= most
            ? time
            : throw new LocalRuntimeException($"The setting {section.Path}:{key} must be a time from {least:c} to {most:c}, not '{text}'.");
    }

    private static int? Number(IConfigurationSection section, string key, int least, int most)
    {
        if (section[key] is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new LocalRuntimeException(string.Create(CultureInfo.InvariantCulture, $"The setting {section.Path}:{key} must be a number from {least} to {most}, not '{text}'."));
    }

    private static bool? Flag(IConfigurationSection section, string key)
    {
        if (section[key] is not { Length: > 0 } text)
            return null;
        return bool.TryParse(text, out bool flag) ? flag : throw new LocalRuntimeException($"The setting {section.Path}:{key} must be true or false, not '{text}'.");
    }

    private static void Allow(IConfigurationSection section, params string[] known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new LocalRuntimeException($"The setting {child.Path} is not known; {section.Path} has {string.Join(", ", known)}.");
    }

    private static void Named(IConfigurationSection section, Func<EntityPath> read)
    {
        try
        {
            read();
        }
        catch (ArgumentException wrong)
        {
            throw new LocalRuntimeException($"The setting {section.Path}: {wrong.Message}", wrong);
        }
    }

    private static string[] Names(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
