namespace Abm.Signals;

/// <summary>Whether an account is far busier than it used to be. Pure.</summary>
/// <remarks>
/// Product rules on surges: the last seven days are compared with the mean week λ of the twelve before (of as many as there are, three at least), z = (x - λ)/√λ. It surges with x ≥ 5 events, z ≥ 2 and two people, or one who
/// decides. An account known for less than three weeks surges with 8 points and two people. Strength: 50 + 5z, from 0 to 100, so that z = 2 is 60.
/// </remarks>
public sealed record Surge(bool IsActive, double Strength, int Events, int People, double WeeklyMean)
{
    private const int Window = 7;
    private const int Weeks = 12;
    private const int FewestWeeks = 3;
    private const int FewestEvents = 5;
    private const double NewAccountPoints = 8;

    /// <param name="decides">Whether a persona decides.</param>
    public static Surge Of(SignalState state, DateTimeOffset now, Func<string?, bool> decides)
    {
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        SignalDay[] window = [.. state.Days.Where(d => d.Day <= today && d.Day > today.AddDays(-Window))];
        int events = window.Sum(Relevant);
        PersonDay[] people = [.. window.SelectMany(d => d.People).Where(p => p.IsKnown && Relevant(p) > 0).DistinctBy(p => p.Key)];
        bool isEnough = people.Length >= 2 || people.Any(p => decides(p.Persona));
        int weeks = state.FirstAt is { } first ? Math.Min(Weeks, (today.AddDays(1 - Window).DayNumber - DateOnly.FromDateTime(first.UtcDateTime).DayNumber) / 7) : 0;
        if (weeks < FewestWeeks)
        {
            double points = window.SelectMany(d => d.People).Where(p => Relevant(p) > 0).Sum(p => p.Points);
            bool isNewSurge = points >= NewAccountPoints && people.Length >= 2;
            return new Surge(isNewSurge, isNewSurge ? 60 : 50, events, people.Length, 0);
        }

        DateOnly from = today.AddDays(1 - Window - (7 * weeks));
        double mean = state.Days.Where(d => d.Day >= from && d.Day <= today.AddDays(-Window)).Sum(Relevant) / (double)weeks;
        double expected = Math.Max(mean, 0.5);
        double z = (events - expected) / Math.Sqrt(expected);
        return new Surge(events >= FewestEvents && z >= 2 && isEnough, Math.Clamp(Math.Round(50 + (5 * z)), 0, 100), events, people.Length, mean);
    }

    private static int Relevant(SignalDay day) => day.People.Sum(Relevant);

    private static int Relevant(PersonDay person) => person.Counts.Where(c => EventKinds.IsRelevant(c.Key)).Sum(c => c.Value);
}
