using System.Diagnostics;

namespace Jarvis.Simulator.Tests.Api;

public sealed class FleetTests
{
    [Fact]
    public async Task A_fleet_of_5000_guests_answers_its_resources_quickly()
    {
        await using var rig = await Rig.StartAsync(new SimulatorOptions
        {
            Scenario = "fleet", Nodes = 100,
            Guests = 5000
        });
        Assert.Equal(100, rig.Host.Endpoints.Count);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var response = await rig.Http.SendAsync(rig.Request("GET", "/cluster/resources"), Rig.Cancel);
            _ = await response.Content.ReadAsByteArrayAsync(Rig.Cancel);
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }
        Assert.Equal(5000, (await rig.GetAsync("/cluster/resources?type=vm")).Data.GetArrayLength());
        Assert.True(best < TimeSpan.FromMilliseconds(150), $"{best.TotalMilliseconds} ms");
    }
}
