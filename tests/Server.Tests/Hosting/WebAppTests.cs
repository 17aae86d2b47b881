using System.IO.Compression;
using System.Net;
using System.Text;

namespace Jarvis.Server.Tests.Hosting;

public sealed class WebAppTests : IDisposable
{
    private const string Script = "console.log('a script long enough to be worth compressing')";
    private readonly TestFolder _web = new();

    public WebAppTests()
    {
        Directory.CreateDirectory(_web.File("assets"));
        File.WriteAllText(_web.File("index.html"), "<!doctype html><title>Jarvis</title>");
        File.WriteAllText(_web.File("favicon.svg"), "<svg/>");
        File.WriteAllText(_web.File(".secret"), "secret");
        Write("assets/index-a1B2_c3D.js", Script);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _web.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/nodes/pve1")]
    [InlineData("/guests/100?tab=metrics")]
    public async Task The_page_is_served_for_itself_and_every_deep_link_and_always_asked_for_anew(string path)
    {
        await using var server = await StartAsync();
        using var page = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal("<!doctype html><title>Jarvis</title>", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());

        using var again = await server.SendAsync(HttpMethod.Get, path, null, null, ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("no-cache", again.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("/c/lab/node/pve.lan")]
    [InlineData("/c/lab/node/pve.lan?range=day")]
    [InlineData("/c/my.cluster/node/pve1.example.js")]
    public async Task A_deep_link_may_hold_a_dot(string path)
    {
        await using var server = await StartAsync();
        using var page = await server.SendAsync(HttpMethod.Get, path, null, null, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal("<!doctype html><title>Jarvis</title>", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal(("text/html; charset=utf-8", "no-cache"), (page.Content.Headers.ContentType?.ToString(), page.Headers.CacheControl?.ToString()));
    }

    [Theory]
    [InlineData("/worker.js", "*/*")]
    [InlineData("/logo.png", "image/avif,image/png,*/*;q=0.8")]
    [InlineData("/c/lab/node/pve.lan", "application/json")]
    [InlineData("/c/lab/node/pve.lan", "text/html;q=0, */*")]
    [InlineData("/assets/gone-12345678.js", "text/html")]
    [InlineData("/.secret", "text/html")]
    public async Task The_page_is_never_an_answer_to_those_who_want_something_else(string path, string accepts)
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, path, null, null, ("Accept", accepts));
        await Problem.Is(HttpStatusCode.NotFound, "NOT_FOUND", answer);
    }

    [Fact]
    public async Task A_changed_page_has_another_tag()
    {
        await using var server = await StartAsync();
        using var before = await server.SendAsync(HttpMethod.Get, "/");
        await File.WriteAllTextAsync(_web.File("index.html"), "<!doctype html><title>Jarvis 2</title>", Stop);
        using var after = await server.SendAsync(HttpMethod.Get, "/", null, null, ("If-None-Match", before.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task A_hashed_file_is_kept_for_ever_and_sent_as_small_as_the_client_takes(string? accepts, string? encoding)
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/assets/index-a1B2_c3D.js", null, null, accepts is null ? [] : [("Accept-Encoding", accepts)]);
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        await using var body = await answer.Content.ReadAsStreamAsync(Stop);
        await using Stream plain = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        Assert.Equal(Script, await reader.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task A_name_without_a_hash_is_asked_for_anew()
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/favicon.svg");
        Assert.Equal(("image/svg+xml", "no-cache"), (answer.Content.Headers.ContentType?.ToString(), answer.Headers.CacheControl?.ToString()));
    }

    [Theory]
    [InlineData("/assets/gone-12345678.js")]
    [InlineData("/.secret")]
    [InlineData("/%2e%2e/%2e%2e/etc/hosts.txt")]
    [InlineData("/..%2f..%2fetc/hosts.txt")]
    [InlineData("/assets/..%5c..%5cindex.js")]
    public async Task A_missing_hidden_or_outside_file_is_not_found(string path)
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, path);
        await Problem.Is(HttpStatusCode.NotFound, "NOT_FOUND", answer);
    }

    [Theory]
    [InlineData("/api/nothing/here")]
    [InlineData("/api/nothing/pve.lan")]
    [InlineData("/hubs/nothing")]
    public async Task Unknown_paths_of_the_API_are_JSON_and_never_the_page(string path)
    {
        await using var server = await StartAsync();
        var signed = await server.SignInAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, path, signed.Access, null, ("Accept", "text/html"));
        await Problem.Is(HttpStatusCode.NotFound, "NOT_FOUND", answer);
    }

    [Fact]
    public async Task Only_reading_is_possible()
    {
        await using var server = await StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, "/nodes");
        await Problem.Is(HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED", answer);
        using var head = await server.SendAsync(HttpMethod.Head, "/");
        Assert.Equal((HttpStatusCode.OK, 36L), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Without_a_built_web_app_the_API_still_works()
    {
        await using var server = await TestServer.StartAsync();
        using var page = await server.SendAsync(HttpMethod.Get, "/");
        await Problem.Is(HttpStatusCode.NotFound, "NOT_FOUND", page);
        await server.SignInAsync();
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync([("Web:Root", _web.Path)]);

    private void Write(string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(_web.File(name), bytes);
        using (var br = new BrotliStream(File.Create(_web.File(name + ".br")), CompressionLevel.SmallestSize)) br.Write(bytes);
        using var gz = new GZipStream(File.Create(_web.File(name + ".gz")), CompressionLevel.SmallestSize);
        gz.Write(bytes);
    }
}
