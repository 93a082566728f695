using Abm.Decisions;
using Abm.People;

namespace Abm.Functions.Storage.Reps;

/// <summary>A rep as it is stored.</summary>
internal sealed record RepRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public string? Role { get; init; }
    public string? ManagerId { get; init; }
    public string? Team { get; init; }
    public string? TimeZone { get; init; }
    public string? Calendar { get; init; }
    public IReadOnlyList<string>? Pools { get; init; }
    public bool HasLeft { get; init; }
    public IReadOnlyList<Absence>? Absences { get; init; }
    public string? DelegateId { get; init; }
    public DateTimeOffset? PausedUntil { get; init; }

    public static RepRow From(Rep rep) => new()
    {
        Id = rep.Id.Value,
        Name = rep.Name,
        Email = rep.Email,
        Role = rep.Role,
        ManagerId = rep.ManagerId?.Value,
        Team = rep.Team,
        TimeZone = rep.TimeZone,
        Calendar = rep.Calendar,
        Pools = rep.Pools.Count == 0 ? null : rep.Pools,
        HasLeft = !rep.IsActive,
        Absences = rep.Absences.Count == 0 ? null : rep.Absences,
        DelegateId = rep.DelegateId?.Value,
        PausedUntil = rep.PausedUntil,
    };

    public Rep ToRep() => new()
    {
        Id = RepId.Parse(Id),
        Name = Name,
        Email = Email,
        Role = Role,
        ManagerId = ManagerId is null ? null : RepId.Parse(ManagerId),
        Team = Team,
        TimeZone = TimeZone,
        Calendar = Calendar,
        Pools = Pools ?? [],
        IsActive = !HasLeft,
        Absences = Absences ?? [],
        DelegateId = DelegateId is null ? null : RepId.Parse(DelegateId),
        PausedUntil = PausedUntil,
    };
}
