using System.Globalization;
using Abm.Accounts;
using Abm.Matching;

namespace Abm.Evaluation.Learning;

/// <summary>Learns weights from labelled leads: for each part of the companies without it, and from all.</summary>
internal sealed class Training
{
    // What is taken away is another view of the same lead, and what is invented is likelier wrong than what is found: both count less.
    private const double Away = 1;
    private const double Invented = 0.2;
    private const double InventedAway = 0.2;
    private const double Among = 0.3;
    private const double AmongAway = 0.5;

    private readonly List<Example> _examples;
    private readonly double[] _start = Start();
    private double[][]? _folds;

    public Training(List<LabelledLead> leads, AccountIndex index, AccountIndex? enlarged, AccountIndex? among)
    {
        _examples = [.. Example.Of(leads, index, 1, Away, isReal: true)];
        if (enlarged is not null)
            _examples.AddRange(Example.Of(leads, enlarged, Invented, InventedAway, isReal: false));
        if (among is not null)
            _examples.AddRange(Example.Of(leads, among, Among, AmongAway, isReal: false));
    }

    /// <summary>For each lead the model that was learned without its company.</summary>
    public Func<LabelledLead, MatchModel> CrossValidated()
    {
        double[][] weights = Folds();
        double even = EvenAt(weights);
        MatchModel[] models = [.. weights.Select(fold => MatchModel.Default with { Weights = Parameters.Write(fold), EvenAt = even })];
        return lead => models[lead.Fold];
    }

    /// <summary>The model that was learned without any lead of a source, its company's other leads included.</summary>
    public MatchModel Without(string source) => MatchModel.Default with
    {
        Weights = Parameters.Write(new Learner([.. _examples.Where(example => !example.Lead.Sources.Contains(source))], _start).Learn()),
    };

    private double[][] Folds() =>
        _folds ??= [.. Enumerable.Range(0, LabelledLead.Folds).AsParallel().AsOrdered().Select(fold => new Learner([.. _examples.Where(example => example.Fold != fold)], _start).Learn())];

    // From where confidence is counted: what makes the labels of the leads as they are likeliest, each under weights learned without its company. Accounts are seldom missing there, so that it is lower than while learning.
    private double EvenAt(double[][] weights)
    {
        Example[] real = [.. _examples.Where(example => example.IsAsItIs)];
        return Enumerable.Range(0, 61).Select(step => 3 + (step * 0.1)).MinBy(even => real.Sum(example => Learner.Surprise(example, weights[example.Fold], even)));
    }

    // Set by hand, from what the field says and looking at development leads.
    private static double[] Start()
    {
        using var reader = new StreamReader(typeof(Training).Assembly.GetManifestResourceStream("prior.csv")!);
        var start = new double[Parameters.Count];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(';');
            if (Parameters.Index(cells[0]) is >= 0 and int parameter)
                start[parameter] = double.Parse(cells[1], CultureInfo.InvariantCulture);
        }

        return start;
    }

    /// <summary>The weights set by hand, to compare with.</summary>
    public static MatchModel ByHand => MatchModel.Default with { Weights = Parameters.Write(Start()) };

    /// <summary>Learns from all and writes what the matcher embeds.</summary>
    public void Write(string path)
    {
        MatchWeights weights = Parameters.Write(new Learner(_examples, _start).Learn());
        double[] values = Parameters.Read(weights);
        MatchModel model = MatchModel.Default;
        using var to = new StreamWriter(path) { NewLine = "\n" };
        to.WriteLine("# Points that matching starts from, where the configuration says nothing else; written by the learning of tests/Abm.Evaluation. name;value");
        to.WriteLine($"version;{DateTime.UtcNow:yyyy-MM-dd}-learned");
        foreach ((string name, double value) in (IEnumerable<(string, double)>)[(nameof(model.AutomaticFrom), model.AutomaticFrom), (nameof(model.ReviewFrom), model.ReviewFrom), (nameof(model.Margin), model.Margin), (nameof(model.EvenAt), EvenAt(Folds())),
            (nameof(weights.CommonNameBits), weights.CommonNameBits), (nameof(weights.RareNameBits), weights.RareNameBits), .. values.Select((value, i) => (Parameters.Name(i), value))])
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name};{value:0.###}"));
    }
}
