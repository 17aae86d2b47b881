using System.Globalization;
using System.Text.Json.Nodes;

namespace Jarvis.Bench;

/// <summary>Figures that another program measures and prints as one JSON object.</summary>
internal static class Outside
{
    public static IEnumerable<Scenario> Scenarios => [new("page", ["page-gzip", "page-paint"], PageAsync)];

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
        for (var i = 0; i < rig.Repetitions; i++)
        {
            await using var child = Child.Start("/usr/bin/env", ["node", Path.Combine(Rig.Root, "web", "tests", "page-load.mjs")], environment);
            var line = await child.FirstLine.WaitAsync(TimeSpan.FromSeconds(90), cancellationToken);
            var answer = JsonNode.Parse(line)!;
            paints.Add(answer["paintMilliseconds"]!.GetValue<double>());
            sizes.Add(answer["gzipBytes"]!.GetValue<double>() / 1000);
        }

        return
        [
            new("page-gzip", sizes.Max()),
            new("page-paint", paints.Median(), string.Create(CultureInfo.InvariantCulture, $"slowest {paints.Max():0} ms")),
        ];
    }
}
