using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Functions.Tests.Http;
using Abm.Ports;

namespace Abm.Functions.Tests.Configuration.Versions;

public sealed class PublishFunctionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publishing_names_what_is_in_force_or_is_428()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Answered answer = await world.PostAsync("publish", Body(9));

        Assert.Equal(428, answer.Status);
        Assert.Single(world.Store.Log);
    }

    [Fact]
    public async Task What_is_published_is_in_force_and_its_tag_opens_the_next_publication()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Answered first = await world.PostAsync("publish", Body(9), await world.TagAsync());
        Answered second = await world.PostAsync("publish", Body(9.5), (string)first.Json["etag"]!);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal((string?)first.Json["etag"], first.Headers.ETag.ToString());
        Answered config = await world.Read.GetConfig(Requests.Get("/api/config"), Token).AnswerAsync();
        Assert.Equal(PublishingWorld.Draft(9.5).Version, (string?)config.Json["version"]);
        Assert.Equal(9.5, (double)config.Json["config"]!["matching"]!["automaticFrom"]!);
        Assert.Equal((string?)second.Json["etag"], config.Headers.ETag.ToString());
    }

    [Fact]
    public async Task Whoever_comes_second_gets_412_with_what_the_first_one_changed()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string tag = await world.TagAsync();
        await world.PostAsync("publish", Body(9), tag);

        Answered late = await world.PostAsync("publish", Body(7), tag);

        Assert.Equal((412, "application/problem+json; charset=utf-8"), (late.Status, late.ContentType));
        Assert.Equal((PublishingWorld.Draft(8).Version, PublishingWorld.Draft(9).Version), ((string?)late.Json["yourVersion"], (string?)late.Json["activeVersion"]));
        JsonNode change = Assert.Single(late.Json["changes"]!.AsArray())!;
        Assert.Equal("matching.automaticFrom", (string?)change["path"]);
        Assert.Equal(200, (await world.PostAsync("publish", Body(7), (string)late.Json["etag"]!)).Status);
    }

    [Fact]
    public async Task A_lost_answer_asked_for_again_is_200_and_unchanged_whatever_the_tag()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string tag = await world.TagAsync();
        await world.PostAsync("publish", Body(9), tag);

        Answered again = await world.PostAsync("publish", Body(9), tag);

        Assert.Equal((200, true), (again.Status, (bool)again.Json["unchanged"]!));
        Assert.Equal(2, world.Store.Log.Count);
    }

    [Theory]
    [InlineData("matching: { automaticFrom: many }", "rules.yaml:1:28")]
    [InlineData("matchin: {}", "rules.yaml:1:1")]
    [InlineData("matching:\n\tautomaticFrom: 8", "rules.yaml:2:1")]
    [InlineData("a: &x 1\nb: *x", "rules.yaml:1")]
    public async Task What_cannot_be_used_is_422_with_the_place_and_nothing_is_kept(string yaml, string place)
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Answered answer = await world.PostAsync("publish", PublishingWorld.Json([File("rules.yaml", yaml)], ("reason", "why")), await world.TagAsync());

        Assert.Equal(422, answer.Status);
        Assert.Contains(answer.Problems, p => p.Field.StartsWith(place, StringComparison.Ordinal));
        Assert.Single(world.Store.Log);
        Assert.NotEmpty(answer.Json["findings"]!.AsArray());
    }

    [Fact]
    public async Task The_shut_gate_is_409_with_the_numbers()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        await world.Store.NoteAsync(new DryRunSummary(PublishingWorld.Draft(9).Version, await world.ActiveAsync(), 200, 20, world.Clock.GetUtcNow()), Token);

        Answered shut = await world.PostAsync("publish", Body(9, accept: false), await world.TagAsync());
        Answered open = await world.PostAsync("publish", Body(9, accept: true), await world.TagAsync());

        Assert.Equal((409, 200), (shut.Status, open.Status));
        Assert.Equal((20, 10.0, 5.0), ((int)shut.Json["flips"]!, (double)shut.Json["flipPercent"]!, (double)shut.Json["maxFlipsPercent"]!));
    }

    [Theory]
    [InlineData("""{"files":[]}""", "required reason")]
    [InlineData("""{"reason":"r"}""", "required files")]
    [InlineData("""{"reason":"r","version":"cfg-x","files":[{"name":"a.yaml","text":""}]}""", "required files")]
    [InlineData("""{"reason":"r","files":{}}""", "wrongType files")]
    [InlineData("""{"reason":"r","files":[{"name":"a.yaml"}]}""", "wrongType files[0]")]
    [InlineData("""{"reason":"r","files":[{"name":"a.yaml","text":"","base64":""}]}""", "wrongType files[0]")]
    [InlineData("""{"reason":"r","files":[{"name":"a.yaml","base64":"%"}]}""", "wrongType files[0].base64")]
    [InlineData("""{"reason":"r","files":[{"name":"a.yaml","text":"\ud800"}]}""", "invalidText files[0].text")]
    [InlineData("""{"reason":5,"version":"x"}""", "wrongType reason")]
    [InlineData("""{"reason":"r","version":"x","activateAt":"tomorrow"}""", "wrongType activateAt")]
    [InlineData("""{"reason":"r","version":"x","activateAt":"2026-11-18T09:59:59Z"}""", "outOfRange activateAt")]
    [InlineData("""{"reason":"r","version":"x","activateAt":"2028-11-18T10:00:00Z"}""", "outOfRange activateAt")]
    [InlineData("""{"reason":"r","version":"x","pending":"perhaps"}""", "unknownValue pending")]
    [InlineData("""{"reason":"r","version":"x","accept":"perhaps"}""", "wrongType accept")]
    [InlineData("""{"reason":"r","version":"x","froce":true}""", "unknownField ")]
    [InlineData("""{"reason":"r","reason":"s","version":"x"}""", "duplicateProperty ")]
    [InlineData("""[]""", "wrongType ")]
    public async Task What_is_no_order_is_400_by_name(string json, string expected)
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Answered answer = await world.PostAsync("publish", json, await world.TagAsync());

        Assert.Equal(400, answer.Status);
        Assert.Contains(expected, answer.Problems.Select(p => $"{p.Code} {p.Field}"));
    }

    [Theory]
    [InlineData("../rules.yaml")]
    [InlineData("a/b.yaml")]
    [InlineData("C:\\b.yaml")]
    [InlineData(".hidden.yaml")]
    [InlineData("rules.json")]
    [InlineData("")]
    public async Task A_file_name_that_is_a_path_or_no_yaml_is_422(string name)
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Answered answer = await world.PostAsync("drafts", PublishingWorld.Json([File(name, "matching: {}")], ("reason", "why")));

        Assert.Equal((422, "fileName"), (answer.Status, answer.Problems.Single().Code));
    }

    [Fact]
    public async Task Two_files_of_one_name_too_many_files_and_files_that_are_too_large_are_422()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        Assert.Equal("duplicateFile", (await Refused([File("a.yaml", ""), File("A.yaml", "")])).Problems[0].Code);
        Assert.Equal("tooMany", (await Refused([.. Enumerable.Range(0, 101).Select(i => File($"f{i}.yaml", ""))])).Problems[0].Code);
        Assert.Equal("tooLarge", (await Refused([File("a.yaml", new string('#', 600_000)), File("b.yaml", new string('#', 600_000))])).Problems[0].Code);
        Assert.Equal(413, (await world.PostAsync("drafts", PublishingWorld.Json([File("a.yaml", new string('#', 5_000_000))], ("reason", "why")))).Status);

        async Task<Answered> Refused(ConfigSourceFile[] files)
        {
            Answered answer = await world.PostAsync("drafts", PublishingWorld.Json(files, ("reason", "why")));
            Assert.Equal(422, answer.Status);
            return answer;
        }
    }

    [Fact]
    public async Task A_draft_is_kept_shown_and_published_by_its_id()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        Answered kept = await world.PostAsync("drafts", Body(9));
        Answered again = await world.PostAsync("drafts", Body(9));
        string version = (string)kept.Json["version"]!;

        Answered published = await world.PostAsync("publish", $$"""{"version":"{{version}}","reason":"tried","accept":true}""", await world.TagAsync());

        Assert.Equal((201, 200, 200), (kept.Status, again.Status, published.Status));
        Assert.True((bool)again.Json["duplicate"]!);
        Assert.Equal(version, await world.ActiveAsync());
        Answered shown = await world.Read.GetConfigVersion(Requests.Get($"/api/config/versions/{version}"), version, Token).AnswerAsync();
        Assert.Equal(("local", "why"), ((string?)shown.Json["author"], (string?)shown.Json["reason"]));
        Assert.Equal("rules.yaml", (string?)shown.Json["files"]![0]!["name"]);
        Assert.Equal("matching.automaticFrom", (string?)shown.Json["changes"]![0]!["path"]);
        Assert.Equal(404, (await world.PostAsync("publish", """{"version":"cfg-never","reason":"tried"}""", await world.TagAsync())).Status);
    }

    [Fact]
    public async Task What_comes_out_as_json_or_zip_goes_in_again_as_the_same_version_byte_for_byte()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigSourceFile[] files =
        [
            new("a.yaml", (byte[])[0xEF, 0xBB, 0xBF, .. "matching:\r\n  automaticFrom: 8.5 # früher acht \U0001F600\r\n\r\n"u8]),
            new("b.yaml", "# only a comment, no line end"u8.ToArray()),
        ];
        string version = (string)(await world.PostAsync("drafts", PublishingWorld.Json(files, ("reason", "why")))).Json["version"]!;

        Answered json = await world.Read.GetConfigFiles(Requests.Get("/"), version, Token).AnswerAsync();
        byte[] zip = await ZipAsync(world, version);

        JsonNode body = json.Json;
        body["reason"] = "again";
        Answered fromJson = await world.PostAsync("drafts", body.ToJsonString());
        Answered fromZip = await world.Publish.KeepDraft(Requests.Request("POST", "/api/config/drafts?reason=again", zip, "application/zip"), Token).AnswerAsync();
        Answered fromForm = await world.Publish.KeepDraft(Form(files, ("reason", "again")), Token).AnswerAsync();
        Assert.Equal([version, version, version], new[] { fromJson, fromZip, fromForm }.Select(a => (string)a.Json["version"]!));
        ConfigVersion kept = (await world.Store.FindAsync(version, Token))!;
        Assert.Equal(files.Select(f => Convert.ToHexString(f.Bytes.Span)), kept.Files.Select(f => Convert.ToHexString(f.Bytes.Span)));
        Assert.Equal(files.Select(f => Convert.ToHexString(f.Bytes.Span)), ConfigArchive.Unpack(zip).Select(f => Convert.ToHexString(f.Bytes.Span)));
    }

    [Fact]
    public async Task A_zip_that_is_none_or_would_grow_beyond_all_bounds_is_400()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        using MemoryStream bomb = new();
        using (ZipArchive zip = new(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("a.yaml", CompressionLevel.Optimal).Open();
            for (int i = 0; i < 64; i++)
                entry.Write(new byte[1024 * 1024]);
        }

        using MemoryStream crowd = new();
        using (ZipArchive zip = new(crowd, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < 200; i++)
                zip.CreateEntry($"f{i}.yaml");
        }

        foreach (byte[] archive in new[] { bomb.ToArray(), crowd.ToArray(), "PK nonsense"u8.ToArray(), bomb.ToArray()[..200], [] })
        {
            Answered answer = await world.Publish.ValidateConfig(Requests.Request("POST", "/api/config/validate", archive, "application/zip"), Token).AnswerAsync();
            Assert.Equal((400, "notZip"), (answer.Status, answer.Problems.Single().Code));
        }
    }

    [Fact]
    public async Task Validate_says_everything_keeps_nothing_and_is_never_an_error_for_wrong_rules()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);

        Answered good = await world.PostAsync("validate", PublishingWorld.Json(PublishingWorld.Files(9)));
        Answered bad = await world.PostAsync("validate", PublishingWorld.Json([File("x.yaml", "matching: { automaticFrom: many }")]));

        Assert.Equal((200, true, PublishingWorld.Draft(9).Version), (good.Status, (bool)good.Json["isValid"]!, (string?)good.Json["version"]));
        Assert.Equal("matching.automaticFrom", (string?)Assert.Single(good.Json["changes"]!.AsArray())!["path"]);
        Assert.Equal((200, false), (bad.Status, (bool)bad.Json["isValid"]!));
        Assert.Equal(("error", "x.yaml", 1), ((string?)bad.Json["findings"]![0]!["severity"], (string?)bad.Json["findings"]![0]!["file"], (int)bad.Json["findings"]![0]!["line"]!));
        Assert.Null(await world.Store.FindAsync(PublishingWorld.Draft(9).Version, Token));
    }

    [Fact]
    public async Task Going_back_and_taking_back_over_HTTP()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string first = await world.ActiveAsync();
        await world.PostAsync("publish", Body(9), await world.TagAsync());
        string at = world.Clock.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Answered scheduled = await world.PostAsync("publish", PublishingWorld.Json(PublishingWorld.Files(7), ("reason", "tonight"), ("accept", true), ("activateAt", at)), await world.TagAsync());

        Answered undecided = await world.PostAsync("rollback", $$"""{"to":"{{first}}","reason":"it went wrong"}""");
        Answered back = await world.PostAsync("rollback", $$"""{"to":"{{first}}","reason":"it went wrong","pending":"keep"}""");
        Answered taken = await world.PostAsync($"activations/{(long)scheduled.Json["activation"]!["sequence"]!}/cancel", """{"reason":"not tonight"}""");
        Answered again = await world.PostAsync($"activations/{(long)scheduled.Json["activation"]!["sequence"]!}/cancel", """{"reason":"not tonight"}""");

        Assert.Equal((200, 409, 200, 200, 409), (scheduled.Status, undecided.Status, back.Status, taken.Status, again.Status));
        Assert.Equal("schedule", (string?)undecided.Json["pending"]![0]!["kind"]);
        Assert.Equal(first, await world.ActiveAsync());
        Assert.Equal(404, (await world.PostAsync("rollback", """{"to":"cfg-never","reason":"r"}""")).Status);
        Assert.Equal(412, (await world.PostAsync("rollback", $$"""{"to":"{{PublishingWorld.Draft(9).Version}}","reason":"r"}""", "\"1.x\"")).Status);
        Answered log = await world.Read.ListActivations(Requests.Get("/api/config/activations"), Token).AnswerAsync();
        Assert.Equal(["cancel", "rollback", "schedule", "publish", "publish"], log.Json["items"]!.AsArray().Select(i => (string)i!["kind"]!));
    }

    [Fact]
    public async Task Two_versions_are_compared_and_the_list_is_newest_first()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.PostAsync("publish", Body(9), await world.TagAsync());
        string first = PublishingWorld.Draft(8).Version, second = PublishingWorld.Draft(9).Version;

        Answered list = await world.Read.ListConfigVersions(Requests.Get("/api/config/versions"), Token).AnswerAsync();
        Answered diff = await world.Read.DiffConfig(Requests.Get($"/api/config/diff?from={first}"), Token).AnswerAsync();

        Assert.Equal([second, first], list.Json["items"]!.AsArray().Select(i => (string)i!["version"]!));
        Assert.Equal((first, second, "matching.automaticFrom"), ((string?)diff.Json["from"], (string?)diff.Json["to"], (string?)diff.Json["changes"]![0]!["path"]));
        Assert.Equal(400, (await world.Read.DiffConfig(Requests.Get("/api/config/diff"), Token).AnswerAsync()).Status);
        Assert.Equal(404, (await world.Read.DiffConfig(Requests.Get("/api/config/diff?from=cfg-never"), Token).AnswerAsync()).Status);
    }

    [Fact]
    public async Task Whoever_has_it_already_gets_304()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        Microsoft.AspNetCore.Http.HttpRequest request = Requests.Get("/api/config");
        request.Headers.IfNoneMatch = await world.TagAsync();

        Assert.Equal(304, (await world.Read.GetConfig(request, Token).AnswerAsync()).Status);
    }

    [Fact]
    public async Task The_rule_book_is_a_page_for_browsers_and_Markdown_for_others_and_names_who_changed_what()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        await world.PostAsync("publish", Body(9), await world.TagAsync());
        Microsoft.AspNetCore.Http.HttpRequest browser = Requests.Get("/api/config/rulebook");
        browser.Headers.Accept = "text/html,application/xhtml+xml,*/*;q=0.8";

        Answered page = await world.Book.GetRuleBook(browser, Token).AnswerAsync();
        Answered text = await world.Book.GetRuleBook(Requests.Get("/api/config/rulebook"), Token).AnswerAsync();

        Assert.Equal(("text/html; charset=utf-8", "text/markdown; charset=utf-8"), (page.ContentType, text.ContentType));
        Assert.StartsWith("<!doctype html", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(PublishingWorld.Draft(9).Version, text.Body, StringComparison.Ordinal);
        Assert.Equal("application/schema+json; charset=utf-8", (await world.Book.GetConfigSchema(Requests.Get("/")).AnswerAsync()).ContentType);
    }

    [Fact]
    public async Task Who_is_signed_in_is_the_author_and_needs_the_role()
    {
        PublishingWorld world = await new PublishingWorld(new AuthOptions { TrustPrincipalHeader = true }).WithFolderAsync();

        Answered viewer = await world.PostAsync("publish", Body(9), await world.TagAsync(), CallerTests.Principal("vera", "viewer"));
        Answered claimed = await world.PostAsync("publish", PublishingWorld.Json(PublishingWorld.Files(9), ("reason", "r"), ("accept", true), ("author", "bob")), await world.TagAsync(), CallerTests.Principal("ana", "ops"));
        Answered ops = await world.PostAsync("publish", Body(9), await world.TagAsync(), CallerTests.Principal("ana", "ops"));

        Assert.Equal((403, 400, 200), (viewer.Status, claimed.Status, ops.Status));
        Assert.Equal("ana", world.Store.Log[^1].By);
        Assert.Equal(200, (await world.PostAsync("validate", Body(9), null, CallerTests.Principal("vera", "viewer"))).Status);
        Assert.Equal(403, (await world.PostAsync("validate", Body(9), null, CallerTests.Principal("nobody"))).Status);
    }

    [Fact]
    public async Task Whoever_holds_a_key_may_name_the_author_and_the_log_still_says_that_it_was_the_key()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();

        await world.PostAsync("publish", PublishingWorld.Json(PublishingWorld.Files(9), ("reason", "r"), ("accept", true), ("author", "bob")), await world.TagAsync(), ("x-functions-key", "secret"));

        Assert.Equal("key", world.Store.Log[^1].By);
        Assert.Equal("bob", (await world.Store.FindAsync(PublishingWorld.Draft(9).Version, Token))!.Author);
        Assert.All(world.Audit.Entries, e => Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal));
    }

    private static string Body(double automaticFrom, bool accept = true) => PublishingWorld.Json(PublishingWorld.Files(automaticFrom), ("reason", "why"), ("accept", accept));

    private static ConfigSourceFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static async Task<byte[]> ZipAsync(PublishingWorld world, string version)
    {
        Microsoft.AspNetCore.Http.HttpRequest request = Requests.Get("/");
        request.Headers.Accept = "application/zip";
        Microsoft.AspNetCore.Http.DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;
        await (await world.Read.GetConfigFiles(request, version, Token)).ExecuteResultAsync(new(http, new(), new()));
        return body.ToArray();
    }

    private static Microsoft.AspNetCore.Http.HttpRequest Form(ConfigSourceFile[] files, params (string Name, string Value)[] fields)
    {
        using MultipartFormDataContent form = [];
        foreach ((string name, string value) in fields)
            form.Add(new StringContent(value), name);
        foreach (ConfigSourceFile file in files)
            form.Add(new ByteArrayContent(file.Bytes.ToArray()), "files", file.Name);
        using MemoryStream body = new();
        form.CopyTo(body, null, Token);
        return Requests.Request("POST", "/api/config/drafts", body.ToArray(), form.Headers.ContentType!.ToString());
    }
}
