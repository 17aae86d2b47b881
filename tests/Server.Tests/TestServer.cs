using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Jarvis.Server.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests;

/// <summary>The whole product on a free loopback port, with a data folder and a clock of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Password = "a password for tests";
    private readonly TestFolder _own;
    private readonly WebApplication _app;

    private TestServer(WebApplication app, FakeTimeProvider time, TestFolder own, LogLines log, SaidLines said)
    {
        (_app, Time, _own, Log, Said) = (app, time, own, log, said);
        Address = new(app.Urls.Single());
        Http = NewClient();
    }

    public FakeTimeProvider Time { get; }
    public LogLines Log { get; }

    /// <summary>What the operator's console was told.</summary>
    public SaidLines Said { get; }
    public Uri Address { get; }

    /// <summary>Keeps no cookies and follows nothing: what is sent is what a test says.</summary>
    public HttpClient Http { get; }
    public IServiceProvider Services => _app.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="settings">As on the command line: <c>("Auth:AccessMinutes", "5")</c>.</param>
    /// <param name="data">A data folder that outlives the server; its own when null.</param>
    /// <param name="password">What the password file holds; null for no file.</param>
    /// <param name="now">Where the clock begins.</param>
    /// <param name="adjust">The last word on services.</param>
    /// <param name="time">A clock shared with others; its own when null.</param>
    public static async Task<TestServer> StartAsync(
        (string Key, string Value)[]? settings = null, string? data = null, string? password = Password, DateTimeOffset? now = null,
        Action<WebApplicationBuilder>? adjust = null, FakeTimeProvider? time = null)
    {
        var own = new TestFolder();
        time ??= new FakeTimeProvider(now ?? new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        List<string> args =
        [
            "--Server:Port=0", $"--Data:Folder={data ?? own.File("data")}", $"--Web:Root={own.File("web")}",
            "--Agent:Claude:KeyVariable=", // a key of whoever runs the tests is not for them
            "--Logging:Console:LogLevel:Default=None", "--Logging:LogLevel:Default=Debug",
        ];
        if (password is not null)
        {
            await File.WriteAllTextAsync(own.File("password"), password, Stop);
            args.Add($"--Auth:AdminPasswordFile={own.File("password")}");
        }

        args.AddRange((settings ?? []).Select(s => $"--{s.Key}={s.Value}"));
        using var said = new StringWriter();
        var (log, told) = (new LogLines(), new SaidLines());
        var app = await Product.BuildAsync([.. args], said, builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            builder.Services.Replace(ServiceDescriptor.Singleton(new OperatorConsole(told)));
            builder.Services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1_000);
            adjust?.Invoke(builder);
        }) ?? throw new InvalidOperationException(said.ToString());
        await app.StartAsync(Stop);
        return new(app, time, own, log, told);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };

    public Task<HttpResponseMessage> LoginAsync(string user = "admin", string password = Password) =>
        Http.PostAsJsonAsync("/api/auth/login", new { user, password }, Stop);

    /// <summary>Signs in and gives what a browser would hold.</summary>
    public async Task<Signed> SignInAsync(string user = "admin", string password = Password)
    {
        using var answer = await LoginAsync(user, password);
        return await Signed.ReadAsync(answer);
    }

    /// <summary>Sends JSON with the access token of somebody who is signed in.</summary>
    public Task<HttpResponseMessage> SendAsync<T>(HttpMethod method, string path, T body, string? bearer = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return Http.SendAsync(request, Stop);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? bearer = null, string? cookie = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request, Stop);
    }

    /// <summary>Adds an account beside the administrator.</summary>
    public Task AddAccountAsync(string name, Role role, string password)
    {
        var account = new Account { Name = name, Role = role, PasswordHash = "", CreatedAt = Time.GetUtcNow(), PasswordAt = Time.GetUtcNow() };
        account.PasswordHash = Services.GetRequiredService<IPasswordHasher<Account>>().HashPassword(account, password);
        return Services.GetRequiredService<AuthStore>().SaveAsync(account, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _own.Dispose();
    }
}

/// <summary>What signing in or refreshing gave.</summary>
internal sealed record Signed(string Access, string RefreshCookie, string HubCookie, JsonElement Body, IReadOnlyList<string> SetCookies)
{
    public string Refresh => RefreshCookie.Split('=', 2)[1];

    public string Hub => HubCookie.Split('=', 2)[1];

    /// <summary>Whether the header takes the session from the browser.</summary>
    public static bool IsEnded(string setCookie) => setCookie.StartsWith("jarvis_refresh_", StringComparison.Ordinal) && setCookie.Split(';')[0].EndsWith('=');

    public static async Task<Signed> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        return new(body.GetProperty("accessToken").GetString()!, Pair("jarvis_refresh_"), Pair("jarvis_access_"), body, cookies);

        string Pair(string name) => cookies.Single(c => c.StartsWith(name, StringComparison.Ordinal)).Split(';')[0];
    }
}
