using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Jarvis.Simulator;

namespace Jarvis.Server.Tests.Cluster;

public sealed class FirstContactTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_probe_shows_the_certificate_to_compare()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);

        var (status, seen) = await PostAsync(rig, "probe", new { address = ClusterRig.AddressOf(host) });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(ClusterRig.FingerprintOf(host), seen.GetProperty("fingerprint").GetString());
        Assert.Equal($"https://{ClusterRig.AddressOf(host)}", seen.GetProperty("address").GetString());
        Assert.Contains("127.0.0.1", seen.GetProperty("names").EnumerateArray().Select(n => n.GetString()));
        Assert.False(seen.GetProperty("publiclyTrusted").GetBoolean());
    }

    [Theory]
    [InlineData("http://pve:8006")]
    [InlineData("https://root@pve:8006")]
    [InlineData("pve:8006/api2/json")]
    [InlineData("pve:8006?x=1")]
    [InlineData("pve:0")]
    [InlineData("pve:65536")]
    [InlineData("pve pve")]
    [InlineData("[::1")]
    public async Task An_address_is_a_host_and_a_port_alone(string address)
    {
        await using var rig = await ClusterRig.StartAsync();

        using var answer = await rig.AskAsync(HttpMethod.Post, "/api/clusters/probe", new { address });

        var problem = await Problem.Is(HttpStatusCode.BadRequest, "ADDRESS", answer);
        Assert.Contains("HOST:PORT", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_says_what_is_wrong_with_an_address()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var closed = ClusterRig.AddressOf(host);
        rig.Simulators.Remove(host);
        await host.DisposeAsync();

        using var nobody = await rig.AskAsync(HttpMethod.Post, "/api/clusters/probe", new { address = closed });
        using var plain = await rig.AskAsync(HttpMethod.Post, "/api/clusters/probe", new { address = rig.Server.Address.Authority });

        await Problem.Is(HttpStatusCode.UnprocessableEntity, "UNREACHABLE", nobody);
        await Problem.Is(HttpStatusCode.UnprocessableEntity, "NO_TLS", plain);
    }

    [Fact]
    public async Task A_good_token_is_told_what_it_sees_and_how_the_other_nodes_are_reached()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);

        var (status, seen) = await PostAsync(rig, "test", new { address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token = host.Token });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("root@pam!sim", true, true), (seen.GetProperty("tokenId").GetString(), seen.GetProperty("quorate").GetBoolean(), seen.GetProperty("canSeeGuests").GetBoolean()));
        Assert.Empty(seen.GetProperty("missing").EnumerateArray());
        Assert.True(seen.GetProperty("guests").GetInt32() > 0);
        Assert.True(seen.GetProperty("storages").GetInt32() > 0);
        var nodes = seen.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(host.Fingerprints.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value), nodes.Select(n => n.GetProperty("fingerprint").GetString()));
        Assert.Equal(host.Endpoints.Select(e => e.Host), nodes.Select(n => n.GetProperty("address").GetString()));
        Assert.DoesNotContain(host.Token!.Split('=')[1], seen.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_certificate_than_the_one_compared_is_refused_and_both_are_named()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var other = string.Join(':', Enumerable.Repeat("AB", 32));

        using var wrong = await rig.AskAsync(HttpMethod.Post, "/api/clusters/test", new { address = ClusterRig.AddressOf(host), fingerprint = other, token = host.Token });
        using var none = await rig.AskAsync(HttpMethod.Post, "/api/clusters", new { key = "lab", address = ClusterRig.AddressOf(host), token = host.Token });

        var detail = (await Problem.Is(HttpStatusCode.UnprocessableEntity, "FINGERPRINT_DIFFERS", wrong)).GetProperty("detail").GetString();
        Assert.Contains(other, detail, StringComparison.Ordinal);
        Assert.Contains(ClusterRig.FingerprintOf(host), detail, StringComparison.Ordinal);
        await Problem.Is(HttpStatusCode.UnprocessableEntity, "FINGERPRINT_DIFFERS", none);
        Assert.Empty(rig.Clusters.All);
    }

    [Theory]
    [InlineData("root@pam!sim=00000000-0000-0000-0000-000000000000", "TOKEN_REFUSED")]
    [InlineData("root@pam!nobody=00000000-0000-0000-0000-000000000000", "TOKEN_REFUSED")]
    [InlineData("root@pam", "TOKEN_FORMAT")]
    [InlineData("00000000-0000-0000-0000-000000000000", "TOKEN_FORMAT")]
    public async Task A_token_that_is_no_good_is_refused_without_being_repeated(string token, string code)
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);

        using var answer = await rig.AskAsync(HttpMethod.Post, "/api/clusters", new { key = "lab", address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token });

        var problem = await Problem.Is(HttpStatusCode.UnprocessableEntity, code, answer);
        Assert.DoesNotContain("0000-0000", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(rig.Clusters.All);
        Assert.DoesNotContain(rig.Server.Log.All, line => line.Contains("0000-0000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_without_rights_is_taken_and_named_with_the_lines_that_cure_it()
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        var token = await TokenWithoutRightsAsync(host);

        var (status, seen) = await PostAsync(rig, "test", new { address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(seen.GetProperty("canSeeGuests").GetBoolean());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("guests").ValueKind);
        Assert.Equal(["Sys.Audit", "VM.Audit", "Datastore.Audit"], seen.GetProperty("missing").EnumerateArray().Select(m => m.GetString()));
        Assert.Contains("pveum acl modify / --roles PVEAuditor --tokens 'root@pam!bare'", seen.GetProperty("cure").EnumerateArray().Select(m => m.GetString()));

        var cluster = await rig.AddAsync("lab", host, token);
        var view = await rig.SeesAsync(cluster, v => v.Header.Access is not null);
        Assert.False(view.View.Header.Access!.CanSeeGuests);
        Assert.NotEmpty(view.View.Header.Access.Cure);
    }

    [Theory]
    [InlineData(null, "lab")]
    [InlineData("  ", "lab")]
    [InlineData(" The attic ", "The attic")]
    public async Task A_cluster_that_is_given_no_name_has_its_own(string? name, string called)
    {
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        object body = new { key = "one", name, address = ClusterRig.AddressOf(host), fingerprint = ClusterRig.FingerprintOf(host), token = host.Token };

        var (tested, seen) = await PostAsync(rig, "test", body);
        using var added = await rig.AskAsync(HttpMethod.Post, "/api/clusters", body);

        Assert.Equal((HttpStatusCode.OK, "lab"), (tested, seen.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(called, Assert.Single(rig.Clusters.All).Entry.Name);
        Assert.Equal(called, (await rig.AskAsync("/api/clusters/one/settings")).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("Lab")]
    [InlineData("-lab")]
    [InlineData("lab-")]
    [InlineData("la/b")]
    [InlineData("../lab")]
    [InlineData("")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public async Task A_key_is_short_and_goes_into_addresses_and_names_of_files(string key)
    {
        await using var rig = await ClusterRig.StartAsync();
        using var added = await rig.AskAsync(HttpMethod.Post, "/api/clusters", new { key, address = "pve", token = "a@pve!b=c" });
        var problem = await Problem.Is(HttpStatusCode.BadRequest, "VALIDATION_FAILED", added);
        Assert.Contains("key", problem.GetProperty("errors").GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Addresses_cannot_be_tried_without_end()
    {
        await using var rig = await ClusterRig.StartAsync();
        HttpStatusCode last = default;
        for (var i = 0; i < 25 && last is not HttpStatusCode.TooManyRequests; i++)
        {
            using var answer = await rig.AskAsync(HttpMethod.Post, "/api/clusters/probe", new { address = rig.Server.Address.Authority });
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    internal static async Task<string> TokenWithoutRightsAsync(SimulatorHost host)
    {
        using var http = HttpOf(host);
        using var answer = await http.PostAsync(new Uri("/api2/json/access/users/root@pam/token/bare", UriKind.Relative), new FormUrlEncodedContent([new("privsep", "1")]), Stop);
        answer.EnsureSuccessStatusCode();
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return $"root@pam!bare={made.GetProperty("data").GetProperty("value").GetString()}";
    }

    /// <summary>Speaks to a simulated cluster as its own administrator.</summary>
    internal static HttpClient HttpOf(SimulatorHost host)
    {
        var fingerprint = ClusterRig.FingerprintOf(host).Replace(":", "", StringComparison.Ordinal);
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256) == fingerprint,
        };
        var http = new HttpClient(handler) { BaseAddress = host.Endpoints[0] };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"PVEAPIToken={host.Token}");
        return http;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(ClusterRig rig, string what, object body)
    {
        using var answer = await rig.AskAsync(HttpMethod.Post, $"/api/clusters/{what}", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }
}
