using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Tests.Events;

public sealed class EventsApiTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private WebApplication? _app;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private EventLog Log => _app!.Services.GetRequiredService<EventLog>();

    [Fact]
    public async Task Events_are_read_page_by_page()
    {
        for (var i = 0; i < 5; i++) await Log.AppendAsync(LogFixture.Some($"{i}", severity: Severity.Warning, target: "guest/100"), Stop);
        await Log.AppendAsync(LogFixture.Some("other", "node.offline", Severity.Critical), Stop);

        var first = await GetAsync("?type=guest&limit=2&severity=warning&target=guest/100&cluster=lab");
        var second = await GetAsync($"?type=guest&limit=10&before={first.GetProperty("next").GetInt64()}");

        Assert.Equal(["4", "3"], Summaries(first));
        Assert.Equal(["2", "1", "0"], Summaries(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal("critical", (await GetAsync("?severity=error")).GetProperty("items")[0].GetProperty("severity").GetString());
        Assert.Equal("monitor", (await GetAsync("?source=Monitor&limit=1")).GetProperty("items")[0].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_clusters_page_can_hold_what_belongs_to_none_and_tells_the_newest_of_all()
    {
        await Log.AppendAsync(LogFixture.Some("mine"), Stop);
        await Log.AppendAsync(LogFixture.Some("nobody's") with { Cluster = null }, Stop);
        await Log.AppendAsync(LogFixture.Some("another's") with { Cluster = "office" }, Stop);

        Assert.Equal(["mine"], Summaries(await GetAsync("?cluster=lab")));
        var page = await GetAsync("?cluster=lab&general=true&limit=1");
        Assert.Equal(["nobody's"], Summaries(page));
        Assert.Equal(3, page.GetProperty("newest").GetInt64());
        Assert.Equal(["mine"], Summaries(await GetAsync($"?cluster=lab&general=true&before={page.GetProperty("next").GetInt64()}")));
    }

    [Theory]
    [InlineData("?limit=0", "1 to 1000")]
    [InlineData("?limit=1001", "1 to 1000")]
    [InlineData("?severity=loud", "info, warning, error or critical")]
    [InlineData("?severity=7", "info, warning, error or critical")]
    [InlineData("?source=cat", "monitor, user")]
    public async Task A_wrong_filter_is_refused_with_what_is_legal(string query, string legal)
    {
        var answer = await _http.GetAsync(new Uri("/api/events" + query, UriKind.Relative), Stop);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("EVENTS_FILTER", problem.GetProperty("code").GetString());
        Assert.Contains(legal, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chain_is_checked_for_admins()
    {
        await Log.AppendAsync(LogFixture.Some(), Stop);
        var result = await GetAsync("/verify");
        Assert.True(result.GetProperty("ok").GetBoolean());
        Assert.Equal(1, result.GetProperty("rows").GetInt64());

        _http.DefaultRequestHeaders.Add("X-Guest", "yes");
        Assert.Equal(HttpStatusCode.Forbidden, (await _http.GetAsync(new Uri("/api/events/verify", UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_unavailable_and_tells_no_path()
    {
        await Log.AppendAsync(LogFixture.Some(), Stop);
        await Log.StopAsync(Stop);
        SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(_folder.File("events.db"), new string('x', 9000), Stop);

        var answer = await _http.GetAsync(new Uri("/api/events", UriKind.Relative), Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("EVENTS_UNAVAILABLE", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Data:Folder"] = _folder.Path;
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, GuestOrAdmin>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("admin", policy => policy.RequireRole("admin"));
        builder.AddPersistence();
        builder.AddEvents();
        _app = builder.Build();
        _app.MapGroup("/api").MapEvents();
        await _app.StartAsync(Stop);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        _folder.Dispose();
    }

    private Task<JsonElement> GetAsync(string rest) => _http.GetFromJsonAsync<JsonElement>(new Uri("/api/events" + rest, UriKind.Relative), Stop);

    private static IEnumerable<string?> Summaries(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("summary").GetString());
}

internal sealed class GuestOrAdmin(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var role = Request.Headers.ContainsKey("X-Guest") ? "guest" : "admin";
        var who = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Role, role)], "test"));
        return Task.FromResult(AuthenticateResult.Success(new(who, "test")));
    }
}
