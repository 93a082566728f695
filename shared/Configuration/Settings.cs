namespace Abm.Configuration;

/// <summary>What is switched on. What is off is hidden and does nothing; its configuration and its data are kept, so that switching it on again goes on where it was.</summary>
/// <remarks>Nothing that a sender was told is accepted is lost by a switch: leads and events are taken in or refused, never taken and dropped.</remarks>
[Says("switches")]
public sealed record FeatureSwitches
{
    /// <summary>All of it. Off: every address but health, configuration and the API document answers 404, queues are left alone, nothing is decided or sent.</summary>
    [Says("the whole product", More = "Off: only health, configuration and the API document answer; nothing is decided or sent.")]
    public bool Abm { get; init; } = true;

    /// <summary>Finding the account of a lead. Off: every lead is unmatched, with the reason <c>match.switchedOff</c>; nothing else changes.</summary>
    [Says("matching", More = "Off: every lead stays without an account, and its reasons say why.")]
    public bool Matching { get; init; } = true;

    /// <summary>Points and levels. Off: no rule adds anything, and <c>score.points</c> and <c>score.level</c> are not known to conditions.</summary>
    [Says("scoring", More = "Off: leads have no points and no level; conditions about them are missing.")]
    public bool Scoring { get; init; } = true;

    /// <summary>Giving leads to people. Off: every lead ends with nobody, with a reason, and no pool is charged.</summary>
    [Says("routing", More = "Off: leads are decided but given to nobody, and no turn is taken.")]
    public bool Routing { get; init; } = true;

    /// <summary>Plays. Off: no new ones start; those that run go on to their end.</summary>
    [Says("plays", More = "Off: no new play starts; running ones go on to their end.")]
    public bool Plays { get; init; } = true;

    /// <summary>Sending to the world outside. Off: what is to be sent waits in the outbox and goes out when it is switched on.</summary>
    [Says("delivery", More = "Off: nothing leaves; what is to be sent waits until it is switched on.")]
    public bool Delivery { get; init; } = true;

    /// <summary>Taking in engagement events. Off: their address answers 404.</summary>
    [Says("events", More = "Off: the address for events answers 404.")]
    public bool Events { get; init; } = true;

    /// <summary>Taking in CSV files. Off: its addresses answer 404.</summary>
    [Says("imports", More = "Off: the addresses for CSV files answer 404.")]
    public bool Imports { get; init; } = true;

    /// <summary>Asking the matcher without effect. Off: its addresses answer 404.</summary>
    [Says("asking the matcher", More = "Off: the addresses that match without effect answer 404.")]
    public bool MatchQueries { get; init; } = true;
}

/// <summary>How soon people place the leads that the matcher left to them.</summary>
[Says("review of unplaced leads")]
public sealed record ReviewRules
{
    /// <summary>A lead that waits longer, counted from its arrival around the clock, is overdue in <c>GET /api/unmatched</c>. Default a day. 5 minutes to 90 days.</summary>
    [Says("placed within", More = "Counted around the clock from the lead's arrival."), Between("5m", "90d")]
    public TimeSpan Within { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>How long things are kept.</summary>
[Says("retention")]
public sealed record RetentionRules
{
    /// <summary>How long a decision with its recorded input is kept, from the day it was made. Default 400 days: a year and a quarter's look back. 1 day to 10 years.</summary>
    [Says("decisions are kept for"), Between("1d", "3660d")]
    public TimeSpan DecisionsFor { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How long it is kept who changed the rules and who looked at personal data. Default 2 years. 30 days to 10 years.</summary>
    [Says("the audit is kept for"), Between("30d", "3660d")]
    public TimeSpan AuditFor { get; init; } = TimeSpan.FromDays(731);
}

/// <summary>What must be true before a draft is published.</summary>
[Says("publishing")]
public sealed record PublishingRules
{
    /// <summary>Share of past leads whose outcome a draft may change without somebody accepting it by name. 0 to 100; default 5.</summary>
    [Says("most leads that may change without being accepted", Unit = "%"), Between(0, 100)]
    public double MaxFlipsPercent { get; init; } = 5;

    /// <summary>How far back the dry run looks that the share is measured over. Default 30 days. 1 hour to 400 days.</summary>
    [Says("the dry run looks back over"), Between("1h", "400d")]
    public TimeSpan DryRunOver { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether somebody other than the author must approve. Default no.</summary>
    [Says("a second person must approve")]
    public bool RequireApproval { get; init; }
}

/// <summary>Who cares for a section of the configuration, and until when it may go unread.</summary>
[Says("care of a section")]
public sealed record SectionCare
{
    /// <summary>A person or a team, as the customer calls them.</summary>
    [Says("owner")]
    public string? Owner { get; init; }

    /// <summary>The day by which somebody must have read it again. After it the section counts as stale.</summary>
    [Says("to be reviewed by")]
    public DateOnly? ReviewBy { get; init; }

    /// <summary>Why the rules are as they are.</summary>
    [Says("why")]
    public string? Why { get; init; }
}

/// <summary>How long the list of a tier may get before nobody can work it.</summary>
[Says("tiers")]
public sealed record TierRules
{
    /// <summary>Most 1:1 accounts. Default 25, the upper end of the usual 5 to 25. 1 to 1,000,000.</summary>
    [Says("most 1:1 accounts"), Between(1, 1_000_000)]
    public int MostOneToOne { get; init; } = 25;

    /// <summary>Most 1:few accounts. Default 200, the upper end of the usual 25 to 200. 1 to 1,000,000.</summary>
    [Says("most 1:few accounts"), Between(1, 1_000_000)]
    public int MostOneToFew { get; init; } = 200;

    /// <summary>Most 1:many accounts; null = as many as you like.</summary>
    [Says("most 1:many accounts"), Between(1, 10_000_000)]
    public int? MostOneToMany { get; init; }
}
