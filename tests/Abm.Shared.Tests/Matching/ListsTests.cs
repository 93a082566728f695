using System.Security.Cryptography;
using Abm.Lists;

namespace Abm.Shared.Tests.Matching;

public sealed class ListsTests
{
    [Fact]
    public void The_version_of_each_list_is_that_of_its_content()
    {
        string[] files = [.. typeof(ListVersions).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("Abm.Lists.", StringComparison.Ordinal) && !name.EndsWith("versions.txt", StringComparison.Ordinal))];

        Assert.Equal(files.Length, ListVersions.Current.Count);
        foreach (string file in files)
        {
            string name = file.Split('.')[2];
            using Stream content = typeof(ListVersions).Assembly.GetManifestResourceStream(file)!;
            string hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];

            Assert.True(ListVersions.Current[name].EndsWith("." + hash, StringComparison.Ordinal), $"{name}: run tools/refresh-lists.mjs");
        }
    }

    [Fact]
    public void No_abbreviation_stands_for_another_abbreviation()
    {
        foreach ((string written, string means) in NameWords.Current.Expansions)
            Assert.False(NameWords.Current.Expansions.ContainsKey(means), $"{written} means {means}, which means something else");
    }

    [Fact]
    public void A_disposable_domain_is_found_by_its_hash()
    {
        Assert.True(MailProviders.IsDisposable(new("mailinator.com", "mailinator.com")));
        Assert.True(MailProviders.IsDisposable(new("0-180.com", "0-180.com")));
        Assert.False(MailProviders.IsDisposable(new("acme.com", "acme.com")));
    }
}
