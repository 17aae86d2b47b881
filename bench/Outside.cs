using System.Globalization;
using System.Text.Json.Nodes;

namespace Jarvis.Bench;

/// <summary>Figures that another program measures and prints as one JSON object.</summary>
internal static class Outside
{
    public static IEnumerable<Scenario> Scenarios =>
    [
        new("events", ["events-rate", "events-lost", "events-chain"], EventsAsync),
        new("page", ["page-gzip", "page-fonts", "page-paint"], PageAsync),
    ];

    private static async Task<IReadOnlyList<Figure>> EventsAsync(Rig rig, CancellationToken cancellationToken)
    {
        var rate = await EventStoreAsync(["rate", "--seconds", rig.Quick ? "10" : "60"], TimeSpan.FromMinutes(5), cancellationToken);
        var kill = await EventStoreAsync(["kill", "--rounds", rig.Quick ? "5" : "20"], TimeSpan.FromMinutes(10), cancellationToken);
        var intact = rate["verified"]!.GetValue<bool>() ? 0 : 1;
        return
        [
            new("events-rate", rate["eventsPerSecond"]!.GetValue<double>(), $"over {rate["seconds"]} s, {rate["bytesPerEvent"]} bytes written an event"),
            new("events-lost", kill["lost"]!.GetValue<double>(), $"of {kill["acknowledged"]} acknowledged in {kill["rounds"]} rounds"),
            new("events-chain", kill["brokenChains"]!.GetValue<double>() + intact, $"{rate["verifiedRows"]} and {kill["rows"]} rows verified"),
        ];
    }

    private static async Task<JsonNode> EventStoreAsync(string[] arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("The driver does not know its own path.");
        await using var child = Child.Start(self, ["event-store", .. arguments], new Dictionary<string, string>());
        return JsonNode.Parse(await child.FirstLine.WaitAsync(limit, cancellationToken))!;
    }

    private static async Task<IReadOnlyList<Figure>> PageAsync(Rig rig, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.DemoAsync(rig, cancellationToken);
        var environment = new Dictionary<string, string>
        {
            ["JARVIS_URL"] = server.Address.GetLeftPart(UriPartial.Authority),
            ["JARVIS_USER"] = "admin",
            ["JARVIS_PASSWORD"] = ServerProcess.Password,
        };
        List<double> paints = [];
        List<double> sizes = [];
        List<double> fonts = [];
        for (var i = 0; i < rig.Repetitions; i++)
        {
            await using var child = Child.Start("/usr/bin/env", ["node", Path.Combine(Rig.Root, "bench", "page-load.mjs")], environment);
            var line = await child.FirstLine.WaitAsync(TimeSpan.FromSeconds(90), cancellationToken);
            var answer = JsonNode.Parse(line)!;
            paints.Add(answer["paintMilliseconds"]!.GetValue<double>());
            sizes.Add(answer["gzipBytes"]!.GetValue<double>() / 1000);
            fonts.Add(answer["fontBytes"]!.GetValue<double>() / 1000);
        }

        return
        [
            new("page-gzip", sizes.Max(), "all requests but fonts"),
            new("page-fonts", fonts.Max()),
            new("page-paint", paints.Median(), string.Create(CultureInfo.InvariantCulture, $"slowest {paints.Max():0} ms")),
        ];
    }
}
