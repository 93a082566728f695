using Abm.Leads;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Leads;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("Jane.Doe@Acme.com", "jane.doe@acme.com")]
    [InlineData("  jane@acme.com ; ", "jane@acme.com")]
    [InlineData("Jane Doe <jane@acme.com>", "jane@acme.com")]
    [InlineData("\"Doe, Jane\" <jane@acme.com>", "jane@acme.com")]
    [InlineData("jane(comment)@acme.com", "jane@acme.com")]
    [InlineData("jane@(head office)acme.com", "jane@acme.com")]
    [InlineData("\"jane\"@acme.com", "jane@acme.com")]
    [InlineData("jane+newsletter@acme.com", "jane@acme.com")]
    [InlineData("mailto:jane@acme.com", "jane@acme.com")]
    [InlineData("jane@bücher.de", "jane@xn--bcher-kva.de")]
    public void One_mailbox_has_one_normal_form(string text, string normalised) => Assert.Equal(normalised, EmailAddress.Read(text)?.Normalised);

    [Theory]
    [InlineData("jane@doe@acme.com")]
    [InlineData("\"jane@home\"@acme.com")]
    [InlineData("jane@localhost")]
    [InlineData("jane@127.0.0.1")]
    [InlineData("jane@[IPv6:::1]")]
    [InlineData("@acme.com")]
    [InlineData("jane@")]
    [InlineData("jane")]
    [InlineData("jane@acme.com, bob@acme.com")]
    [InlineData(null)]
    public void What_is_no_single_mailbox_is_none(string? text) => Assert.Null(EmailAddress.Read(text));

    [Fact]
    public void An_address_in_invalid_UTF16_is_none() => Assert.Null(EmailAddress.Read("j\ud800ane@acme.com"));

    [Theory]
    [InlineData("jane@acme.com", EmailKind.Business)]
    [InlineData("jane@gmail.com", EmailKind.Free)]
    [InlineData("info@gmail.com", EmailKind.Free)]
    [InlineData("jane@alumni.acme.edu", EmailKind.Free)]
    [InlineData("jane@mailinator.com", EmailKind.Disposable)]
    [InlineData("info@acme.com", EmailKind.Role)]
    [InlineData("accounts-payable@acme.com", EmailKind.Role)]
    [InlineData("no-reply@acme.com", EmailKind.Automated)]
    [InlineData("MAILER-DAEMON@acme.com", EmailKind.Automated)]
    [InlineData("bounce-123@acme.com", EmailKind.Automated)]
    public void A_mailbox_tells_who_sits_behind_it(string text, EmailKind kind) => Assert.Equal(kind, EmailAddress.Read(text)!.Kind);

    [Fact]
    public void Only_an_organisations_address_has_a_domain()
    {
        Assert.Equal("acme.com", EmailAddress.Read("info@acme.com")!.Domain!.Registrable);
        Assert.Null(EmailAddress.Read("jane@gmail.com")!.Domain);
        Assert.Null(EmailAddress.Read("jane@mailinator.com")!.Domain);
    }

    [Fact]
    public void Reading_twice_is_reading_once_for_any_text() => Prop.ForAll<string, string>((local, domain) =>
    {
        foreach (string text in (string[])[local ?? "", $"{local}@{domain}", $"{local}@acme.com", $"jane@{domain}.com"])
        {
            if (EmailAddress.Read(text) is { } once && EmailAddress.Read(once.Normalised) != once)
                return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();
}
