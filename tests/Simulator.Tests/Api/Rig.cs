using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jarvis.Simulator.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Simulator.Tests.Api;

/// <summary>A simulator on loopback with a clock that moves by hand, asked by plain HTTP.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Secret = "11111111-2222-3333-4444-555555555555";
    public const string Token = "root@pam!test=" + Secret;
    public const string Password = "correct horse battery";

    private readonly HttpClient http;

    private Rig(SimulatorHost host, FakeTimeProvider clock)
    {
        Host = host;
        Clock = clock;
        http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = Trusts,
            },
        })
        { Timeout = TimeSpan.FromSeconds(20) };
    }

    public SimulatorHost Host { get; }
    public FakeTimeProvider Clock { get; }
    public HttpClient Http => http;
    public string? Authorization { get; set; } = "PVEAPIToken=" + Token;

    /// <summary>Sent with everything while signed in by ticket.</summary>
    public string? Csrf { get; set; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Rig> StartAsync(SimulatorOptions? options = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
        var host = await SimulatorHost.StartAsync((options ?? new SimulatorOptions()) with
        {
            Scenario = options?.Scenario is "fleet" ? "fleet" : "three-nodes",
            Listen = new(System.Net.IPAddress.Loopback, 0),
            AdminPort = 0,
            User = "root@pam",
            Password = Password,
            Token = Token,
            ProxyTimeout = TimeSpan.Zero,
            UnauthorizedDelay = options is null ? TimeSpan.Zero : options.UnauthorizedDelay,
        }, clock, Cancel);
        return new Rig(host, clock);
    }

    /// <summary>Trust by pinned fingerprint.</summary>
    public bool Trusts(object sender, X509Certificate? leaf, X509Chain? chain, SslPolicyErrors errors) =>
        leaf is X509Certificate2 certificate
            && Host.Fingerprints.Values.Contains(NodeCertificates.Fingerprint(certificate));

    public Uri Address(string path, int node = 0, string format = "json") =>
        new(Host.Endpoints[node].AbsoluteUri.TrimEnd('/') + $"/api2/{format}" + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    public HttpRequestMessage Request(string method, string path, int node = 0)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), Address(path, node));
        if (Authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }
        if (Csrf is not null)
        {
            request.Headers.TryAddWithoutValidation("CSRFPreventionToken", Csrf);
        }
        return request;
    }

    /// <summary>Goes on with a ticket instead of the token.</summary>
    public async Task SignInAsync(string user = "root@pam", string password = Password)
    {
        (Authorization, Csrf) = (null, null);
        var reply = await PostAsync("/access/ticket", ("username", user), ("password", password));
        Assert.True(reply.Status == 200, reply.Reason);
        Authorization = "PVEAuthCookie=" + Uri.EscapeDataString(reply.Data.GetProperty("ticket").GetString()!);
        Csrf = reply.Data.GetProperty("CSRFPreventionToken").GetString();
    }

    public void UseToken(string token = Token) => (Authorization, Csrf) = ("PVEAPIToken=" + token, null);

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return new Reply((int)response.StatusCode, response.ReasonPhrase ?? "", text,
            response.Headers.ConnectionClose == true);
    }

    public Task<Reply> GetAsync(string path, int node = 0) => SendAsync(Request("GET", path, node));

    public Task<Reply> DeleteAsync(string path) => SendAsync(Request("DELETE", path));

    public Task<Reply> PostAsync(string path, params (string, string)[] form) => WithFormAsync("POST", path, form);

    public Task<Reply> PutAsync(string path, params (string, string)[] form) => WithFormAsync("PUT", path, form);

    public Task<Reply> WithFormAsync(string method, string path, (string, string)[] form)
    {
        var request = Request(method, path);
        request.Content = new FormUrlEncodedContent(form.Select(p => KeyValuePair.Create(p.Item1, p.Item2)));
        return SendAsync(request);
    }

    /// <summary>Sets the clock forward until the task has ended; its exit status.</summary>
    public async Task<string> FinishAsync(Reply accepted, int limit = 900)
    {
        Assert.Equal(200, accepted.Status);
        var upid = accepted.Data.GetString()!;
        for (var i = 0; i < limit; i++)
        {
            var status = await GetAsync($"/nodes/{upid.Split(':')[1]}/tasks/{Uri.EscapeDataString(upid)}/status");
            if (status.Data.GetProperty("status").GetString() == "stopped")
            {
                return status.Data.GetProperty("exitstatus").GetString()!;
            }
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
        throw new TimeoutException($"{upid} still runs after {limit} s of the cluster's time");
    }

    public async Task<Reply> AdminAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Host.Admin!, path));
        request.Content = json is null ? null : new StringContent(json);
        return await SendAsync(request);
    }

    public async Task<string> FaultAsync(string kind, string target, params (string, string)[] parameters)
    {
        var text = string.Join(',', parameters.Select(p => $"\"{p.Item1}\":\"{p.Item2}\""));
        var reply = await AdminAsync("POST", "/faults",
            $"{{\"kind\":\"{kind}\",\"target\":\"{target}\",\"params\":{{{text}}}}}");
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Root.GetProperty("id").GetString()!;
    }

    public void Pass(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        Host.Cluster.Read(_ => true);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>What came back.</summary>
internal sealed record Reply(int Status, string Reason, string Text, bool Closes)
{
    public JsonElement Root => JsonDocument.Parse(Text).RootElement;
    public JsonElement Data => Root.GetProperty("data");
    public string Error(string parameter) => Root.GetProperty("errors").GetProperty(parameter).GetString()!.TrimEnd();

    public JsonElement Row(string key, string value) =>
        Data.EnumerateArray().First(r => r.TryGetProperty(key, out var v) && v.ToString() == value);
}
