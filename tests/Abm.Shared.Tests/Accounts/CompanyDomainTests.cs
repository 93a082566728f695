using Abm.Accounts;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Accounts;

public sealed class CompanyDomainTests
{
    [Theory]
    [InlineData("acme.com", "acme.com")]
    [InlineData(" HTTPS://www.Acme.com:8443/about?x=1#y ", "acme.com")]
    [InlineData("mail.acme.co.uk", "acme.co.uk")]
    [InlineData("jane@sales.acme.co.jp", "acme.co.jp")]
    [InlineData("acme.com.", "acme.com")]
    [InlineData("https://user:secret@acme.com/path@x", "acme.com")]
    [InlineData("//acme.com/x", "acme.com")]
    [InlineData("mailto:info@acme.com", "acme.com")]
    [InlineData("acme.github.io", "acme.github.io")]
    [InlineData("bücher.de", "xn--bcher-kva.de")]
    [InlineData("city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("shop.www.ck", "www.ck")]
    [InlineData("ada@acme.example", "acme.example")]
    public void The_registrable_domain_is_what_the_public_suffix_list_says(string text, string registrable) => Assert.Equal(registrable, CompanyDomain.Read(text)!.Registrable);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("http://192.168.1.1:8080/x")]
    [InlineData("http://[::1]/")]
    [InlineData("jane@[10.0.0.1]")]
    [InlineData("localhost")]
    [InlineData("printer.local")]
    [InlineData("co.uk")]
    [InlineData("github.io")]
    [InlineData("acme")]
    [InlineData("acme..com")]
    [InlineData("-")]
    [InlineData("a b.c d")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_registered_domain_is_none(string? text) => Assert.Null(CompanyDomain.Read(text));

    [Theory]
    [InlineData("someone@gmail.com")]
    [InlineData("someone@GoogleMail.com")]
    [InlineData("someone@web.de")]
    [InlineData("someone@mailinator.com")]
    [InlineData("someone@alumni.acme.edu")]
    public void A_mail_provider_is_no_company(string email) => Assert.Null(CompanyDomain.Read(email));

    [Theory]
    [InlineData("acme.co.uk", "acme.com")]
    [InlineData("notacme.com", "acme.com")]
    [InlineData("acme.com", "acme.com.ar")]
    [InlineData("acme.com.evil.com", "acme.com")]
    [InlineData("one.github.io", "two.github.io")]
    public void Domains_are_never_compared_by_substring(string one, string other) => Assert.NotEqual(CompanyDomain.Read(one)!.Registrable, CompanyDomain.Read(other)!.Registrable);

    [Fact]
    public void Reading_twice_is_reading_once_for_any_text() => Prop.ForAll<string, string>((host, ending) =>
    {
        foreach (string text in (string[])[host ?? "", $"{host}.{ending}", $"x{host}.com", $"http://{host}.co.uk/{ending}"])
        {
            if (CompanyDomain.Read(text) is { } once && CompanyDomain.Read(once.Host) != once)
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Www_is_no_part_of_a_host_however_often_it_stands_there() => Assert.Equal("acme.com", CompanyDomain.Read("https://www.www.acme.com/")!.Host);
}
