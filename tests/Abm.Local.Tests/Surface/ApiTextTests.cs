using Abm.TestKit.Surface;

namespace Abm.Local.Tests.Surface;

/// <summary>The text tells apart what a caller can tell apart; else the comparison would hold nothing.</summary>
public sealed class ApiTextTests
{
    public abstract class Sample
    {
        public const int Answer = 42;

        public string? Text { get; set; }

        public string Fixed { get; init; } = "";

        public int this[string key] => key.Length;

        public static T Make<T>(int? count = null, bool isNew = true, CancellationToken cancellationToken = default)
            where T : class, IDisposable => throw new NotSupportedException($"{count} {isNew} {cancellationToken}");

        public virtual Task<string[]> ReadAsync(params string[] names) => Task.FromResult(names);

        protected abstract void Write(ref int position, out string text);

        internal void Hidden()
        {
        }
    }

    [Fact]
    public void A_type_is_written_with_everything_that_others_can_use()
    {
        const string Name = "Abm.Local.Tests.Surface.ApiTextTests.Sample";

        Assert.Equal(
            [
                $"{Name}.Answer: const System.Int32 = 42",
                $"{Name}.Fixed: System.String {{ get; init; }}",
                $"{Name}.Item[System.String key]: System.Int32 {{ get; }}",
                $"{Name}.Make<T> where T : class, System.IDisposable (System.Int32? count = default, System.Boolean isNew = true, System.Threading.CancellationToken cancellationToken = default): T static",
                $"{Name}.ReadAsync(params System.String[] names): System.Threading.Tasks.Task<System.String[]> virtual",
                $"{Name}.Text: System.String {{ get; set; }}",
                $"{Name}.Write(ref System.Int32 position, out System.String text): System.Void protected abstract",
                $"{Name}.new() protected",
                $"abstract class {Name}",
            ],
            ApiText.Of(typeof(Sample)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_enum_is_written_with_its_values() =>
        Assert.Equal(["enum System.IO.SeekOrigin { Begin = 0, Current = 1, End = 2 }"], ApiText.Of(typeof(SeekOrigin)));
}
