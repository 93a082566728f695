using System.Collections.Frozen;

namespace Abm.Signals;

/// <summary>What events are called, and what each is worth. Pure.</summary>
/// <remarks>Points: product rules on engagement; the ones that they do not name are ours. A kind that is not here is kept as the sender calls it and is worth nothing: plays can listen to it, surges do not see it.</remarks>
public static class EventKinds
{
    /// <summary>Interest in a topic, as a provider of intent saw it: it has a topic, and mostly a score from 0 to 100. Nothing that the account did with us.</summary>
    public const string Intent = "intent";

    /// <summary>A person wants no more of a channel.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>A person takes that back.</summary>
    public const string Subscribed = "subscribed";

    // What the app itself sees and notes in the timeline, so that plays can listen to it.
    public const string SurgeStarted = "surge.started";
    public const string DepartmentNew = "department.new";

    /// <summary>Somebody known engages at an account where nobody known did in the last 90 days.</summary>
    public const string PersonIdentified = "person.identified";
    public const string AccountDormant = "account.dormant";
    public const string EngagementDropped = "engagement.dropped";
    public const string FitChanged = "fit.changed";
    public const string StageChanged = "stage.changed";
    public const string OwnerChanged = "owner.changed";
    public const string TierChanged = "tier.changed";
    public const string DateNear = "date.near";

    /// <summary>Followed by what became of an opportunity: <c>opened</c>, <c>won</c>, <c>lost</c>, <c>closed</c>, <c>changed</c>, …</summary>
    public const string OpportunityPrefix = "opportunity.";
    public const string OpportunityStageChanged = "opportunity.stageChanged";

    private static readonly FrozenDictionary<string, double> Worths = new Dictionary<string, double>
    {
        ["email.open"] = 1,
        ["page.view"] = 2,
        ["email.click"] = 3,
        ["ad.click"] = 3,
        ["chat.started"] = 5,
        ["webinar.registered"] = 5,
        ["pricing.view"] = 8,
        ["review.view"] = 8,
        ["form.submitted"] = 10,
        ["content.download"] = 10,
        ["webinar.attended"] = 15,
        ["event.attended"] = 15,
        ["email.replied"] = 20,
        ["demo.requested"] = 40,
        ["meeting.booked"] = 40,
        ["meeting.held"] = 50,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> OtherNames = new Dictionary<string, string>
    {
        ["open"] = "email.open",
        ["emailopened"] = "email.open",
        ["click"] = "email.click",
        ["emailclicked"] = "email.click",
        ["reply"] = "email.replied",
        ["page"] = "page.view",
        ["pageview"] = "page.view",
        ["visit"] = "page.view",
        ["webvisit"] = "page.view",
        ["pricing"] = "pricing.view",
        ["pricingpageview"] = "pricing.view",
        ["download"] = "content.download",
        ["contentdownload"] = "content.download",
        ["webinarattended"] = "webinar.attended",
        ["webinarregistered"] = "webinar.registered",
        ["eventattended"] = "event.attended",
        ["formsubmit"] = "form.submitted",
        ["formsubmitted"] = "form.submitted",
        ["formsubmission"] = "form.submitted",
        ["demorequest"] = "demo.requested",
        ["demorequested"] = "demo.requested",
        ["meeting"] = "meeting.held",
        ["meetingheld"] = "meeting.held",
        ["meetingbooked"] = "meeting.booked",
        ["intenttopic"] = Intent,
        ["topic"] = Intent,
        ["unsubscribe"] = Unsubscribed,
        ["optout"] = Unsubscribed,
        ["optin"] = Subscribed,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Spellings =
        Worths.Keys.Concat([Intent, Unsubscribed, Subscribed, StageChanged, OpportunityStageChanged]).ToFrozenDictionary(Squashed, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Ours = FrozenSet.ToFrozenSet(
        [SurgeStarted, DepartmentNew, PersonIdentified, AccountDormant, EngagementDropped, FitChanged, OwnerChanged, TierChanged, DateNear], StringComparer.OrdinalIgnoreCase);

    /// <summary>Every kind that means engagement.</summary>
    public static IReadOnlyList<string> OfEngagement { get; } = [.. Worths.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The kind as it is called here, however it was spelt: <c>Page View</c> and <c>page_view</c> are <c>page.view</c>. Unknown ones stay as they are, with underscores for spaces.</summary>
    public static string Read(string text)
    {
        string squashed = Squashed(text);
        return Spellings.TryGetValue(squashed, out string? known) || OtherNames.TryGetValue(squashed, out known)
            ? known
            : string.Join('_', text.Trim().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Points of one such event; 0 for what is no engagement.</summary>
    public static double Worth(string kind) => Worths.GetValueOrDefault(kind);

    /// <summary>Whether somebody at the account did something with us.</summary>
    public static bool IsEngagement(string kind) => Worths.ContainsKey(kind);

    /// <summary>Whether it counts for surges: engagement, but opened e-mails are as often opened by machines.</summary>
    public static bool IsRelevant(string kind) => Worths.GetValueOrDefault(kind) > 1;

    /// <summary>Whether only the app itself notes events of this kind.</summary>
    public static bool IsOurs(string kind) => Ours.Contains(kind);

    private static string Squashed(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
