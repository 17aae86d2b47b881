using System.Net;
using Jarvis.Server.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Cluster;

/// <summary>A row of an added cluster that cannot be used is the trouble of that cluster alone.</summary>
public sealed class DamagedRowTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nowhere", "'nowhere' is not https://HOST:PORT")]
    [InlineData("http://pve:8006/", "'http://pve:8006/' is not https://HOST:PORT")]
    [InlineData(null, "there is none")]
    public async Task The_others_are_watched_and_it_says_what_ails_it_until_it_is_removed(string? address, string why)
    {
        using var data = new TestFolder();
        await using var rig = await ClusterRig.StartAsync();
        var host = await rig.SimulateAsync(1);
        await using (var server = await TestServer.StartAsync(data: data.Path, time: rig.Server.Time))
        {
            await DamageAsync(server, "bad", address);
            await new ClusterRig { Folder = rig.Folder, Server = server, Simulators = rig.Simulators, Signed = await server.SignInAsync() }.AddAsync("good", host);
        }

        await using var again = await TestServer.StartAsync(data: data.Path, time: rig.Server.Time);
        var after = new ClusterRig { Folder = rig.Folder, Server = again, Simulators = rig.Simulators, Signed = await again.SignInAsync() };
        await after.SeesAsync(after.Clusters.Find("good")!, v => v.Guests.Count > 0);
        foreach (var paused in (bool[])[true, false])
        {
            using var changed = await after.AskAsync(HttpMethod.Patch, "/api/clusters/bad", new { paused });
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            Assert.EndsWith(why, after.Clusters.Find("bad")!.Current.View.Header.Trouble, StringComparison.Ordinal);
        }

        using var renamed = await after.AskAsync(HttpMethod.Patch, "/api/clusters/bad", new { name = "Other" });
        await Problem.Is(HttpStatusCode.Conflict, "CLUSTER_DAMAGED", renamed);
        using var removed = await after.AskAsync(HttpMethod.Delete, "/api/clusters/bad");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(["good"], after.Clusters.All.Select(c => c.Key));
    }

    /// <summary>Stores a cluster as no program does.</summary>
    internal static Task DamageAsync(TestServer server, string key, string? address) => server.Services.GetRequiredService<AppDb>().WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO clusters VALUES ($key, $key, NULL, $address, NULL, '', '', 0)";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$address", (object?)address ?? DBNull.Value);
        command.ExecuteNonQuery();
    }, Stop);
}
