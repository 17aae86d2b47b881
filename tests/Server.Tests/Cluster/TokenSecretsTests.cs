using System.Net;
using System.Text;
using Jarvis.Server.Events;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cluster;

/// <summary>The secret of a cluster's token is told to that cluster alone, whatever becomes of the attempt.</summary>
public sealed class TokenSecretsTests
{
    private const string Wrong = "deadbeef-1111-2222-3333-444455556666";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_of_a_token_is_in_an_answer_a_log_line_an_address_or_an_event()
    {
        await using var rig = await ClusterRig.StartAsync();
        var (host, other) = (await rig.SimulateAsync(1), await rig.SimulateAsync(2));
        var bare = await FirstContactTests.TokenWithoutRightsAsync(host);
        var (address, fingerprint, wrong) = (ClusterRig.AddressOf(host), ClusterRig.FingerprintOf(host), $"root@pam!sim={Wrong}");
        List<string> told = [];

        foreach (var path in (string[])["/api/clusters/test", "/api/clusters"])
        {
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address, fingerprint, token = wrong });
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address, fingerprint, token = Wrong });
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address, fingerprint, token = $"root@pam sim={Wrong}" });
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address, token = wrong });
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address = "127.0.0.1:1", token = wrong });
            await TellsAsync(HttpMethod.Post, path, 422, new { key = "lab", address = rig.Server.Address.Authority, token = wrong });
            await TellsAsync(HttpMethod.Post, path, 400, new { key = "lab", address = wrong, token = wrong });
            await TellsAsync(HttpMethod.Post, path, 400, new { key = "lab", address, fingerprint = wrong, token = wrong });
            await TellsAsync(HttpMethod.Post, path, 400, new { key = "lab", address, fingerprint, token = wrong + new string('x', 600) });
            await TellsAsync(HttpMethod.Post, path, 400, new { key = "lab", address, fingerprint, token = (string[])[wrong] });
            await CutAsync(path, $$"""{"key":"lab","address":"{{address}}","token":"{{wrong}}""");
        }

        await TellsAsync(HttpMethod.Post, "/api/clusters/test", 200, new { address, fingerprint, token = bare });
        await RefuseWritesAsync("INSERT");
        await TellsAsync(HttpMethod.Post, "/api/clusters", 503, new { key = "lab", address, fingerprint, token = host.Token });
        await TakeWritesAsync();
        await TellsAsync(HttpMethod.Post, "/api/clusters", 201, new { key = "lab", address, fingerprint, token = $"PVEAPIToken={host.Token} " });
        await TellsAsync(HttpMethod.Post, "/api/clusters", 409, new { key = "lab", address, fingerprint, token = host.Token });
        await rig.SeesAsync(rig.Clusters.Find("lab")!, v => v.Guests.Count > 0);

        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 422, new { token = wrong });
        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 422, new { token = Wrong });
        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 422, new { address = "127.0.0.1:1", token = wrong });
        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 409, new { address = ClusterRig.AddressOf(other), fingerprint = ClusterRig.FingerprintOf(other), token = other.Token });
        await RefuseWritesAsync("UPDATE");
        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 503, new { token = bare });
        await TakeWritesAsync();
        await TellsAsync(HttpMethod.Patch, "/api/clusters/lab", 200, new { token = bare });
        await rig.SeesAsync(rig.Clusters.Find("lab")!, v => v.Header.Access is { CanSeeGuests: false });

        // Somebody spoils the file by hand, and the cluster goes away: the poller says so.
        await File.WriteAllTextAsync(Path.Combine(rig.Server.Services.GetRequiredService<DataFolder>().Path, "clusters", "lab.token"), $"root@pam sim={Wrong}", Stop);
        await host.DisposeAsync();
        rig.Simulators.Remove(host);
        await rig.SeesAsync(rig.Clusters.Find("lab")!, v => v.Header.BlindSince is not null);
        foreach (var path in (string[])["/api/clusters", "/api/cluster", "/api/clusters/lab/settings", "/api/clusters/lab/observer", "/api/events", "/api/health", "/api/health/ready", "/metrics"])
            await TellsAsync(HttpMethod.Get, path, null, null);
        await TellsAsync(HttpMethod.Delete, "/api/clusters/lab", 204, null);

        var events = rig.Server.Services.GetRequiredService<EventLog>();
        await events.AppendAsync(new() { Type = "test.marker", Severity = Severity.Info, Source = Source.System, Summary = "marker" }, Stop);
        told.AddRange((await events.ReadAsync(new() { Limit = 500 }, Stop)).Items.Select(e => $"{e.What.Type} {e.What.Actor} {e.What.Target} {e.What.Summary} {e.What.Data}"));
        told.AddRange(rig.Server.Log.All);

        foreach (var happened in (string[])["cluster.added", "cluster.changed", "cluster.removed", "poll.failed"])
            Assert.Contains(told, t => t.StartsWith(happened, StringComparison.Ordinal));
        foreach (var secret in (string[])[Wrong, .. ((string[])[host.Token!, other.Token!, bare]).Select(t => t.Split('=')[1])])
            Assert.DoesNotContain(told, t => t.Contains(secret, StringComparison.OrdinalIgnoreCase));

        async Task TellsAsync(HttpMethod method, string path, int? status, object? body)
        {
            using var answer = await rig.AskAsync(method, path, body);
            await KeepAsync(answer);
            if (status is { } expected) Assert.True((int)answer.StatusCode == expected, $"{method} {path}: {told[^1]}");
        }

        async Task CutAsync(string path, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new("Bearer", rig.Signed.Access);
            using var answer = await rig.Server.Http.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            await KeepAsync(answer);
        }

        async Task KeepAsync(HttpResponseMessage answer) => told.Add($"{(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync(Stop)}");

        Task RefuseWritesAsync(string what) => RunAsync($"CREATE TRIGGER full BEFORE {what} ON clusters BEGIN SELECT RAISE(ABORT, 'disk full'); END");

        Task TakeWritesAsync() => RunAsync("DROP TRIGGER full");

        Task RunAsync(string sql) => rig.Server.Services.GetRequiredService<AppDb>().WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }, Stop);
    }
}
