using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server;
using Jarvis.Server.Mcp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;

namespace Jarvis.McpHost;

/// <summary>The product on a free loopback port with a kernel over the <see cref="Lab"/>; in the suite's form with its
/// fixtures beside our tools, with sessions if asked for, which only older revisions know, and without a token, for which the
/// suite has no option.</summary>
internal sealed class Host : IAsyncDisposable
{
    public const string Token = "a token of otto's";
    private static readonly Caller.Operator Otto = new() { User = "otto", Session = "s1", Role = Role.Operator };
    private readonly WebApplication _app;
    private readonly SafetyKernel _kernel;
    private readonly string _folder;

    private Host(WebApplication app, SafetyKernel kernel, Lab lab, string folder)
    {
        (_app, _kernel, Lab, _folder) = (app, kernel, lab, folder);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public Lab Lab { get; }

    public HttpClient Http { get; }

    public string Url => $"{Http.BaseAddress!.ToString().TrimEnd('/')}/mcp";

    public IEnumerable<string> Paths => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => $"/{e.RoutePattern.RawText?.Trim('/')}");

    public AuditTrail Audit => _kernel.Audit;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Host> StartAsync(HttpServerSessionMode? suite = null, bool tokens = true, IReadOnlyList<string>? scope = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"jarvis-mcp-{Guid.NewGuid():N}")).FullName;
        var lab = new Lab();
        var kernel = new SafetyKernel(ToolCatalogue.Of(lab), lab.Host, new SafetyOptions { KeywordRounds = 10 }, folder, TimeProvider.System);
        using var said = new StringWriter();
        var app = await Product.BuildAsync(
            ["--Server:Port=0", $"--Data:Folder={Path.Combine(folder, "data")}", "--RateLimits:PerAddress=100000", "--RateLimits:AddressBurst=100000"],
            said,
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.Replace(ServiceDescriptor.Singleton(new Server.Auth.OperatorConsole(TextWriter.Null)));
                builder.Services.AddSingleton(kernel);
                if (!tokens) builder.Services.RemoveAll<McpTokens>();
                else builder.Services.AddSingleton(new McpTokens((token, _) => ValueTask.FromResult(token == Token ? Client(scope) : null)));
                if (suite is not { } mode) return;
                builder.Services.Configure<HttpServerTransportOptions>(o => o.SessionMode = mode);
                builder.Services.AddSingleton<IStartupFilter, TokenForAll>();
                SuiteFixtures.Add(builder.Services, mode);
            }) ?? throw new InvalidOperationException(said.ToString());
        await app.StartAsync(Stop);
        return new(app, kernel, lab, folder);
    }

    /// <summary>A person decides the next call that waits.</summary>
    public async Task<ToolOutcome> DecideNextAsync(Decision decision) =>
        await _kernel.Approvals.DecideAsync(await Lab.Asked.ReadAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Stop), decision, Otto, Stop);

    /// <summary>Sends a message as it stands.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(string json, string? token = Token, string query = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/mcp{query}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        // The answer is the last event of the stream.
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") text = text.Split('\n').Last(l => l.StartsWith("data:", StringComparison.Ordinal))["data:".Length..];
        return ((int)answer.StatusCode, text.TrimStart().StartsWith('{') ? JsonElement.Parse(text) : default);
    }

    public async Task<JsonElement> CallAsync(string tool, string arguments, string query = "") =>
        (await SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""", query: query)).Body;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _kernel.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Caller.McpClient Client(IReadOnlyList<string>? scope) => new() { Key = "k1", Owner = "otto", Role = Role.Operator, Limit = Tier.Yellow, Scope = scope };

    private sealed class TokenForAll : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate then) =>
            {
                context.Request.Headers.Authorization = $"Bearer {Token}";
                return then(context);
            });
            next(app);
        };
    }
}
