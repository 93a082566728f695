using System.Diagnostics;
using System.Globalization;
using Abm.Accounts;
using Abm.Evaluation.Learning;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Evaluation;

/// <summary>Runs the matcher and the baselines over labelled leads and prints how well each did.</summary>
internal static class Evaluation
{
    /// <summary>The first passes run code that is not yet optimised.</summary>
    private const int Passes = 6;

    private const int SecondsBetweenProgress = 5;

    /// <summary>So many leads take long enough to be timed in fewer passes.</summary>
    private const int ManyLeads = 6000;

    /// <summary>Leads that are named in a line.</summary>
    private const int MostNamed = 20;

    public static int Run(Options options, TextWriter to)
    {
        List<Account> accounts = Records.Accounts(options.Accounts);
        List<LabelledLead> leads = Records.Leads(options.Leads);
        var clock = Stopwatch.StartNew();
        AccountIndex index = AccountIndex.Build(accounts, [], 1);
        leads = Known(leads, index);
        Line(to, $"{accounts.Count} accounts indexed in {clock.ElapsedMilliseconds} ms; {leads.Count} leads, {leads.Count(lead => lead.IsMatchable)} matchable, {leads.Count(lead => lead.BelongsNowhere)} belong nowhere");
        AccountIndex? enlarged = options.Enlarge > accounts.Count ? AccountIndex.Build(new Enlarger(accounts, options.Seed).To(options.Enlarge), [], 1) : null;

        AccountIndex? among = options.More is null ? null : AccountIndex.Build([.. accounts, .. Records.Accounts(options.More)], [], 1);

        Func<LabelledLead, MatchModel> model = _ => MatchModel.Default;
        Training? training = null;
        if (options.IsLearning)
        {
            training = new Training(leads, index, options.IsPlain ? null : enlarged, options.LearnAmong is null ? null : AccountIndex.Build([.. accounts, .. Records.Accounts(options.LearnAmong)], [], 1));
            if (options.Learn is not null)
                training.Write(options.Learn);
            model = training.CrossValidated();
            Line(to, $"Cross-validated: each lead is decided by weights learned on the other {LabelledLead.Folds - 1} of {LabelledLead.Folds} parts of the companies");
        }

        Answer[] answers = Answers(leads, index, model, to);
        WriteErrors(options.Errors, leads, answers, accounts);
        Line(to, $"");
        foreach (IGrouping<string, Answer> group in answers.GroupBy(answer => answer.Outcome).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
            Line(to, $"{group.Count(),6}  {group.Key}");
        Line(to, $"");
        if (!leads.Exists(lead => lead.IsLabelled))
        {
            to.WriteLine(leads.Count == 0 ? "There are no leads." : "No column expected_account_id: nothing is known to be right, so nothing more is measured.");
            return 0;
        }

        Found(leads, index, to);
        Line(to, $"");

        Header(to, "method");
        Line(to, "matcher", Scored(leads, lead => answers[lead]));
        Line(to, "  training half (by company)", Scored(leads, lead => answers[lead], lead => !lead.IsTest));
        Line(to, "  test half (by company)", Scored(leads, lead => answers[lead], lead => lead.IsTest));
        if (options.IsLearning)
            Line(to, "  weights set by hand", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, index, Training.ByHand))));
        var baselines = new Baselines(accounts);
        Line(to, "exact domain", Scored(leads, lead => baselines.ByDomain(leads[lead].Lead)));
        Line(to, "exact normalised name", Scored(leads, lead => baselines.ByName(leads[lead].Lead)));
        Line(to, "domain, then name", Scored(leads, lead => baselines.ByDomainThenName(leads[lead].Lead)));
        Line(to, $"");
        Header(to, "case type");
        foreach (string caseType in leads.Select(lead => lead.CaseType).Distinct().Order(StringComparer.Ordinal))
            Line(to, caseType, Scored(leads, lead => answers[lead], lead => lead.CaseType == caseType));

        Line(to, $"");
        Reliability(leads, answers, to);
        Line(to, $"");
        Progress($"matching {leads.Count(lead => lead.IsMatchable)} leads with their account taken away");
        LeftOut leftOut = LeftOut.Measure(leads, index, model);
        Line(to, leftOut, "");
        if (options.LeftOut is not null)
            leftOut.Write(options.LeftOut, index);
        if (enlarged is not null || options.More is not null)
            Near(accounts, options, to);
        if (enlarged is not null)
            Among(leads, enlarged, model, $"Enlarged with invented namesakes, branches and shared domains to {enlarged.AccountCount} accounts (seed {options.Seed}); none of the invented is ever right:", options.EnlargedErrors, null, to);
        if (among is not null)
            Among(leads, among, model, $"Among {among.AccountCount} accounts, those of {options.More} beside the others; none of these is ever right:", options.MoreErrors, options.MoreLeftOut, to);
        if (training is not null && options.IsBySource)
            BySource(leads, index, among ?? enlarged, training, to);
        if (options.IsSweep)
            Sweep(leads, index, [.. new[] { enlarged, among }.OfType<AccountIndex>()], model, to);
        if (options.Evidence is not null)
            WriteEvidence(options.Evidence, leads, answers);
        if (options.IsFuzzy)
            Fuzzy(leads, accounts, answers, options.FuzzyLeads, to);
        return 0;
    }

    // A label that names an account which is not in the file tells nothing of the matcher.
    private static List<LabelledLead> Known(List<LabelledLead> leads, AccountIndex index)
    {
        List<LabelledLead> known = [.. leads.Select(lead => lead.Expected is null || lead.AlsoAcceptable.Append(lead.Expected).Any(id => Find(index, id) is not null) ? lead : lead with { CanBeKnown = false })];
        int lost = known.Where((lead, i) => lead.CanBeKnown != leads[i].CanBeKnown).Count();
        if (lost > 0)
            Progress($"{lost} leads are labelled with accounts that are not among the accounts; they do not count as matchable");
        return known;
    }

    private static Account? Find(AccountIndex index, string id) => index.Find(Abm.Decisions.AccountId.Parse(id));

    private static void Progress(string says) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {says}");

    private static Answer[] Answers(List<LabelledLead> leads, AccountIndex index, Func<LabelledLead, MatchModel> model, TextWriter to)
    {
        var answers = new Answer[leads.Count];
        double fastest = double.MaxValue;
        int passes = leads.Count > ManyLeads ? 2 : Passes;
        for (int pass = 0; pass < passes; pass++)
        {
            // As they arrive: leads that nobody has read yet.
            Lead[] arriving = [.. leads.Select(lead => new Lead(lead.Lead.Id, lead.Lead.Submitted, lead.Lead.ReceivedAt))];
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < leads.Count; i++)
                answers[i] = Answer.Of(LeadMatcher.Match(arriving[i], index, model(leads[i])));
            fastest = Math.Min(fastest, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        Line(to, $"matched at {(fastest > 0 ? leads.Count / fastest : 0):0} leads for a second of processor time (fastest of {passes} passes)");
        return answers;
    }

    // Whatever is not among the candidates cannot be matched, however it is weighed.
    private static void Found(List<LabelledLead> leads, AccountIndex index, TextWriter to)
    {
        LabelledLead[] matchable = [.. leads.Where(lead => lead.IsMatchable)];
        LabelledLead[] lost = [.. matchable.Where(lead => !LeadMatcher.Candidates(lead.Lead, index, MatchModel.Default).Exists(candidate => lead.IsRight(candidate.Account.Id.Value)))];
        Line(to, $"The right account is among those compared for {Percent(1 - ((double)lost.Length / matchable.Length))} of matchable leads; not for {lost.Length}{(lost.Length == 0 ? "" : $": {string.Join(", ", lost.Take(MostNamed).Select(lead => lead.Id))}")}{(lost.Length > MostNamed ? ", …" : "")}");
    }

    private static void Fuzzy(List<LabelledLead> leads, List<Account> accounts, Answer[] answers, int? wanted, TextWriter to)
    {
        to.Flush();
        List<int> sample = FuzzyBaseline.Sample(leads.Count, accounts.Count, wanted);
        var fuzzy = new FuzzyBaseline(accounts);
        var found = new Answer[sample.Count];
        int done = 0;
        var told = Stopwatch.StartNew();
        Parallel.For(0, sample.Count, i =>
        {
            found[i] = fuzzy.Match(leads[sample[i]].Lead);
            int now = Interlocked.Increment(ref done);
            lock (told)
            {
                if (told.Elapsed.TotalSeconds < SecondsBetweenProgress)
                    return;
                told.Restart();
            }

            Progress($"token-set ratio: {now} of {sample.Count} leads");
        });
        List<LabelledLead> chosen = [.. sample.Select(lead => leads[lead])];
        Line(to, $"");
        Line(to, $"FuzzySharp's token-set ratio over all {accounts.Count} names, {(sample.Count == leads.Count ? "all leads" : $"on a sample of {sample.Count} leads (--fuzzy-leads N; 0: all)")}:");
        Header(to, "method");
        Line(to, "token-set ratio from 90", Scored(chosen, lead => found[lead]));
        Line(to, sample.Count == leads.Count ? "matcher" : "matcher on that sample", Scored(chosen, lead => answers[sample[lead]]));
    }

    // Whether the larger directories are as hard as a real one of their size would be.
    private static void Near(List<Account> accounts, Options options, TextWriter to)
    {
        const int part = 8;
        Line(to, $"");
        Line(to, $"{"accounts that have others near",-46} {"same name",10} {"shared domain",14} {"near spelling",14} {"whole name in",14} {"first words",12}");
        Account[][] samples = [.. Enumerable.Range(0, part).Select(first => accounts.Where((_, i) => i % part == first).ToArray())];
        Nearness[] few = [.. samples.Select(sample => Nearness.Of(sample, sample))];
        Nearness small = new(few.Average(n => n.SameName), few.Average(n => n.SharedDomain), few.Average(n => n.NearSpelling), few.Average(n => n.Contained), few.Average(n => n.SameStart));
        Nearness now = Nearness.Of(accounts, accounts);
        Print($"among {accounts.Count / part}", small);
        Print($"among {accounts.Count}", now);
        if (options.Enlarge > accounts.Count)
        {
            Print($"extrapolated to {options.Enlarge}", now.Extrapolated(small, part, (double)options.Enlarge / accounts.Count));
            Print($"among {options.Enlarge}, most invented", Nearness.Of(accounts, new Enlarger(accounts, options.Seed).To(options.Enlarge)));
        }

        if (options.More is not null)
        {
            List<Account> more = [.. accounts, .. Records.Accounts(options.More)];
            Print($"among {more.Count}, with {Path.GetFileName(options.More)}", Nearness.Of(accounts, more));
        }

        void Print(string says, Nearness near) => Line(to, $"{says,-46} {Percent(near.SameName),10} {Percent(near.SharedDomain),14} {Percent(near.NearSpelling),14} {Percent(near.Contained),14} {Percent(near.SameStart),12}");
    }

    private static void Among(List<LabelledLead> leads, AccountIndex index, Func<LabelledLead, MatchModel> model, string says, string? errors, string? leftOut, TextWriter to)
    {
        Line(to, $"");
        to.WriteLine(says);
        Answer[] answers = [.. leads.Select(lead => Answer.Of(LeadMatcher.Match(lead.Lead, index, model(lead))))];
        Header(to, "method");
        Line(to, "matcher", Scored(leads, lead => answers[lead]));
        foreach (string caseType in leads.Select(lead => lead.CaseType).Distinct().Order(StringComparer.Ordinal))
            Line(to, "  " + caseType, Scored(leads, lead => answers[lead], lead => lead.CaseType == caseType));
        Found(leads, index, to);
        LeftOut away = LeftOut.Measure(leads, index, model);
        Line(to, away, "");
        if (leftOut is not null)
            away.Write(leftOut, index);
        if (errors is not null)
            WriteErrors(errors, leads, answers, [.. leads.SelectMany(lead => lead.AlsoAcceptable.Append(lead.Expected)).OfType<string>().Concat(answers.SelectMany(answer => answer.Decision!.Candidates).Select(candidate => candidate.Account.Value)).Distinct().Select(id => Find(index, id)).OfType<Account>()]);
    }

    // How it fares with leads from elsewhere: each source's under weights that were learned without any of it.
    private static void BySource(List<LabelledLead> leads, AccountIndex index, AccountIndex? larger, Training training, TextWriter to)
    {
        Line(to, $"");
        Line(to, $"Leads of each source under weights that were learned without it{(larger is null ? "" : $"; below, among {larger.AccountCount} accounts")}:");
        Header(to, "source left out");
        string[] sources = [.. leads.SelectMany(lead => lead.Sources).GroupBy(source => source).Where(group => group.Count() >= 20).OrderByDescending(group => group.Count()).Select(group => group.Key)];
        MatchModel[] models = [.. sources.AsParallel().AsOrdered().Select(training.Without)];
        for (int i = 0; i < sources.Length; i++)
        {
            Line(to, sources[i], Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, index, models[i])), lead => lead.Sources.Contains(sources[i])));
            if (larger is not null)
                Line(to, "  among more", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, larger, models[i])), lead => lead.Sources.Contains(sources[i])));
        }

        Func<LabelledLead, MatchModel> without = lead => lead.Sources.Count == 0 || Array.IndexOf(sources, lead.Sources[0]) < 0 ? models[0] : models[Array.IndexOf(sources, lead.Sources[0])];
        Line(to, "all, first source left out", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, index, without(leads[lead])))));
        if (larger is not null)
            Line(to, "  among more", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, larger, without(leads[lead])))));
    }

    // Where to cut: what each bar for automatic matches gives.
    private static void Sweep(List<LabelledLead> leads, AccountIndex index, AccountIndex[] larger, Func<LabelledLead, MatchModel> model, TextWriter to)
    {
        Line(to, $"");
        foreach (double bar in (double[])[0, 1, 2, 3, 4])
        {
            foreach (AccountIndex directory in (AccountIndex[])[index, .. larger])
                Line(to, $"review from {bar}, {directory.AccountCount}", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, directory, model(leads[lead]) with { ReviewFrom = bar }))));
        }

        foreach (double bar in (double[])[5.5, 6, 6.5, 7, 7.5])
        {
            MatchModel At(LabelledLead lead) => model(lead) with { AutomaticFrom = bar };
            foreach (AccountIndex directory in (AccountIndex[])[index, .. larger])
            {
                Line(to, $"automatic from {bar}, {directory.AccountCount}", Scored(leads, lead => Answer.Of(LeadMatcher.Match(leads[lead].Lead, directory, At(leads[lead])))));
                Line(to, LeftOut.Measure(leads, directory, At), "  ");
            }
        }
    }

    // Whether what is said to be likely is as often right.
    private static void Reliability(List<LabelledLead> leads, Answer[] answers, TextWriter to)
    {
        double[] bounds = [0, 0.2, 0.5, 0.8, 0.95, 0.99, 1.01];
        var first = answers.Select((answer, lead) => (Lead: leads[lead], Candidate: answer.Decision!.Candidates.Count > 0 ? answer.Decision.Candidates[0] : null))
            .Where(pair => pair.Candidate is not null && (pair.Lead.IsMatchable || pair.Lead.BelongsNowhere)).ToList();
        for (int i = 0; i + 1 < bounds.Length; i++)
        {
            var within = first.Where(pair => pair.Candidate!.Confidence >= bounds[i] && pair.Candidate.Confidence < bounds[i + 1]).ToList();
            if (within.Count > 0)
                Line(to, $"confidence of the first candidate {bounds[i]:0.00} to {Math.Min(1, bounds[i + 1]):0.00}: {within.Count,5} leads, said {Percent(within.Average(pair => pair.Candidate!.Confidence))}, right {Percent(within.Count(pair => pair.Lead.IsRight(pair.Candidate!.Account.Value)) / (double)within.Count)}");
        }
    }

    private static void Line(TextWriter to, LeftOut leftOut, string indent)
    {
        int same = leftOut.Matched.Count(pair => leftOut.IsNamesake(pair.Lead, pair.Answer));
        Line(to, $"{indent}With the right account taken away, {leftOut.Matched.Count} of {leftOut.Leads} leads were matched to another: {Percent((double)leftOut.Matched.Count / leftOut.Leads)}; {same} of them to one with the right account's name or domain");
    }

    private static Score Scored(List<LabelledLead> leads, Func<int, Answer> answer, Func<LabelledLead, bool>? which = null)
    {
        var score = new Score();
        for (int i = 0; i < leads.Count; i++)
        {
            if (which is null || which(leads[i]))
                score.Add(leads[i], answer(i));
        }

        return score;
    }

    private static void Header(TextWriter to, string first) =>
        Line(to, $"{first,-30} {"leads",6} {"auto",6} {"precision",10} {"recall",8} {"auto|top3",10} {"review",7} {"nowhere matched",17}");

    private static void Line(TextWriter to, string name, Score score) => Line(
        to,
        $"{name,-30} {score.Leads,6} {score.Automatic,6} {Percent(score.Precision),10} {Percent(score.Recall),8} {Percent(score.RightOrOffered),10} {score.Review,7} {$"{score.NowhereMatched}/{score.Nowhere} {Percent(score.NowhereShare)}",17}");

    private static void Line(TextWriter to, FormattableString text) => to.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Percent(double share) => double.IsNaN(share) ? "-" : share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static void WriteErrors(string path, List<LabelledLead> leads, Answer[] answers, List<Account> accounts)
    {
        Dictionary<string, Account> byId = accounts.ToDictionary(account => account.Id.Value, StringComparer.Ordinal);
        using var csv = new CsvFile(path);
        foreach (string column in (string[])["kind", "lead_id", "case_type", "variation", "half", "email", "company", "website", "phone", "place", "outcome", "answer", "answer_name", "expected", "expected_name", "expected_domains", "rank", "why", "expected_why", "second", "second_name", "second_why"])
            csv.WriteField(column);
        csv.NextRecord();
        for (int i = 0; i < leads.Count; i++)
        {
            (LabelledLead lead, Answer answer) = (leads[i], answers[i]);
            bool isRight = lead.IsRight(answer.Automatic);
            string? kind = answer.Automatic is not null && !isRight ? (lead.BelongsNowhere ? "false match, belongs nowhere" : "false match") : lead.IsMatchable && !isRight ? "missed" : null;
            if (kind is null)
                continue;
            IReadOnlyList<MatchCandidate> candidates = answer.Decision!.Candidates;
            string? first = candidates.Count > 0 ? candidates[0].Account.Value : null;
            Account? right = lead.Expected is null ? null : byId.GetValueOrDefault(lead.Expected);
            MatchCandidate? expected = candidates.FirstOrDefault(candidate => lead.IsRight(candidate.Account.Value));
            var s = lead.Lead.Submitted;
            foreach (string? cell in (string?[])[kind, lead.Id, lead.CaseType, lead.Variation, lead.IsTest ? "test" : "training", s.Email, s.Company, s.Website, s.Phone, $"{s.Address}|{s.City}|{s.State}|{s.Country}",
                answer.Outcome, answer.Automatic ?? first, first is null ? "" : byId[answer.Automatic ?? first].Name, lead.Expected, right?.Name, right is null ? "" : string.Join(';', right.Domains.Append(right.Website)),
                expected is null ? "" : (candidates.ToList().IndexOf(expected) + 1).ToString(CultureInfo.InvariantCulture), Why(candidates.Count > 0 ? candidates[0] : null), Why(expected),
                candidates.Count > 1 ? candidates[1].Account.Value : "", candidates.Count > 1 ? candidates[1].Name : "", Why(candidates.Count > 1 ? candidates[1] : null)])
                csv.WriteField(cell);
            csv.NextRecord();
        }
    }

    internal static string Why(MatchCandidate? candidate) => candidate is null ? "" : string.Join(' ', candidate.Evidence.Where(reason => reason.Points != 0)
        .Select(reason => FormattableString.Invariant($"{reason.Code["match.".Length..]}={reason.Points:0.##}")).Prepend(FormattableString.Invariant($"{candidate.Points:0.##}:")));

    private static void WriteEvidence(string path, List<LabelledLead> leads, Answer[] answers)
    {
        using var csv = new CsvFile(path);
        foreach (string column in (string[])["lead_id", "half", "case_type", "outcome", "account_id", "is_right", "rank", "points", "evidence"])
            csv.WriteField(column);
        csv.NextRecord();
        for (int i = 0; i < leads.Count; i++)
        {
            int rank = 0;
            foreach (MatchCandidate candidate in answers[i].Decision!.Candidates)
            {
                csv.WriteField(leads[i].Id);
                csv.WriteField(leads[i].IsTest ? "test" : "training");
                csv.WriteField(leads[i].CaseType);
                csv.WriteField(answers[i].Outcome);
                csv.WriteField(candidate.Account);
                csv.WriteField(leads[i].IsRight(candidate.Account.Value) ? 1 : 0);
                csv.WriteField(++rank);
                csv.WriteField(candidate.Points);
                csv.WriteField(string.Join(' ', candidate.Evidence.Select(reason => FormattableString.Invariant($"{reason.Code["match.".Length..]}={reason.Points:0.##}"))));
                csv.NextRecord();
            }
        }
    }
}
