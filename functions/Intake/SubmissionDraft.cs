using System.Globalization;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Functions.Intake;

/// <summary>A submission while it is being read: takes values one by one, keeps every problem, and becomes a <see cref="Submission"/> only when there is none.</summary>
internal sealed class SubmissionDraft(bool namesAreColumns)
{
    private readonly Dictionary<SubmissionField, string> _texts = [];
    private readonly Dictionary<string, bool> _consent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _utm = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _custom = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];
    private int _customTotal;

    /// <summary>Everything found wrong so far.</summary>
    public IList<Problem> Problems => _problems;

    public bool IsTest { get; set; }

    public bool Has(SubmissionField field) => _texts.ContainsKey(field);

    public void Set(SubmissionField field, string? text)
    {
        if (namesAreColumns && !field.AllowsLines)
            text = FieldText.InOneLine(text);
        string? clean = field.IsId
            ? FieldText.CleanId(text, NameOf(field), _problems)
            : FieldText.Clean(text, NameOf(field), field.MaxLength, field.AllowsLines, _problems);
        if (clean is not null)
            _texts[field] = clean;
    }

    public void SetConsent(string name, string path, bool value)
    {
        if (IsNameTaken(name, path, _consent.Count, _consent.ContainsKey(name)))
            _consent[name] = value;
    }

    public void SetUtm(string name, string path, string? text)
    {
        string? clean = FieldText.Clean(text, path, SubmissionFields.MaxUtmLength, allowsLines: false, _problems);
        if (clean is not null && IsNameTaken(name, path, _utm.Count, _utm.ContainsKey(name)))
            _utm[name] = clean;
    }

    public void SetCustom(string name, string path, string? text)
    {
        string? clean = FieldText.Clean(text, path, SubmissionFields.MaxCustomLength, allowsLines: true, _problems);
        if (clean is null || !IsNameTaken(name, path, _custom.Count, _custom.ContainsKey(name)))
            return;
        _custom[name] = clean;
        int before = _customTotal;
        _customTotal += name.Length + clean.Length;
        if (before <= SubmissionFields.MaxCustomTotal && _customTotal > SubmissionFields.MaxCustomTotal)
            _problems.Add(new Problem("tooLong", "custom", $"The custom fields together have more than {SubmissionFields.MaxCustomTotal} characters."));
    }

    /// <summary>The submission, or null when there are problems.</summary>
    /// <param name="defaultSource">The source of a submission that names none.</param>
    public Submission? Build(string defaultSource)
    {
        CheckIdentity();
        if (_problems.Count > 0)
            return null;
        return new Submission
        {
            FirstName = Text(SubmissionFields.FirstName),
            LastName = Text(SubmissionFields.LastName),
            Title = Text(SubmissionFields.Title),
            Email = Text(SubmissionFields.Email),
            Company = Text(SubmissionFields.Company),
            Website = Text(SubmissionFields.Website),
            Phone = Text(SubmissionFields.Phone),
            Address = Text(SubmissionFields.Address),
            City = Text(SubmissionFields.City),
            State = Text(SubmissionFields.State),
            Country = Text(SubmissionFields.Country),
            Source = (Text(SubmissionFields.Source) ?? defaultSource).ToLowerInvariant(),
            ExternalId = Text(SubmissionFields.ExternalId),
            AccountId = Text(SubmissionFields.AccountId),
            IsTest = IsTest,
            Consent = _consent,
            Utm = _utm,
            Custom = _custom,
        };
    }

    /// <summary>Something must say who it is. Forms write "none" or "n/a" for an e-mail address: that says little, but a person may still make sense of it among the unmatched, so it is taken.</summary>
    private void CheckIdentity()
    {
        // A field that was given and is wrong has its own problem; saying that it is missing as well would mislead.
        if (SubmissionFields.Identifying.Any(field => Has(field) || _problems.Any(problem => problem.Field == NameOf(field))))
            return;
        _problems.Add(new Problem("required", "", $"At least one of {string.Join(", ", SubmissionFields.Identifying.Select(NameOf))} must be given."));
    }

    private string NameOf(SubmissionField field) => namesAreColumns ? field.Column : field.Property;

    private string? Text(SubmissionField field) => _texts.GetValueOrDefault(field);

    private bool IsNameTaken(string name, string path, int count, bool exists)
    {
        int before = _problems.Count;
        if (exists)
            _problems.Add(new Problem("duplicateProperty", path, "It is given more than once."));
        else if (count >= SubmissionFields.MaxEntries)
            _problems.Add(new Problem("tooMany", path, string.Create(CultureInfo.InvariantCulture, $"At most {SubmissionFields.MaxEntries} entries are taken.")));
        else if (FieldText.Clean(name, path, SubmissionFields.MaxNameLength, allowsLines: false, _problems) is null && _problems.Count == before)
            _problems.Add(new Problem("invalidName", path, "A name must not be empty."));
        return _problems.Count == before;
    }
}
