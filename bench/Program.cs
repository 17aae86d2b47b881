using System.Runtime.InteropServices;
using Jarvis.Bench;
using Jarvis.Bench.Chat;
using Jarvis.Bench.EventStore;
using Jarvis.Bench.Gate;
using Jarvis.Bench.History;

if (args is ["event-store", .. var rest]) return await EventStoreBench.RunAsync(rest, CancellationToken.None);
if (args is ["gate", .. var asked]) return await GateBench.RunAsync(asked, CancellationToken.None);
if (args is ["history", .. var more]) return await HistoryBench.RunAsync(more, CancellationToken.None);

var (options, trouble) = Options.Parse(args);
if (options is null)
{
    Console.Error.WriteLine($"bench: {trouble}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => { s.Cancel = true; stop.Cancel(); });
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => { s.Cancel = true; stop.Cancel(); });
var rig = new Rig(options.Quick, options.Built, Console.Error);
if (options.Soak) return await Soak.RunAsync(rig, TimeSpan.FromMinutes(options.Minutes), stop.Token);

IReadOnlyList<Scenario> scenarios = [.. StartUp.Scenarios, .. State.Scenarios, .. Tick.Scenarios, .. Outside.Scenarios, .. GateBench.Scenarios, .. ChatBench.Scenarios, .. Matrix.Scenarios];
var bounds = Bound.Read(Path.Combine(Rig.Root, "bench", "bounds.tsv"));
var chosen = scenarios.Where(s => options.Only is not { } wanted || s.Yields(wanted)).ToList();
if (options.List || chosen.Count == 0)
{
    if (!options.List) Console.Error.WriteLine($"bench: nothing measures {options.Only}; there are:");
    foreach (var scenario in scenarios) Console.WriteLine($"{scenario.Name,-16} {string.Join(' ', scenario.Figures)}");
    return options.List ? 0 : 2;
}

List<Figure> figures = [];
List<string> failures = [];
// All cells are measured at the same time: each is two processes that are idle for the most part.
foreach (var together in chosen.GroupBy(s => s.Name.Split('.')[0]))
{
    rig.Say($"── {together.Key}");
    await Task.WhenAll(together.Select(async scenario =>
    {
        try
        {
            var found = await scenario.RunAsync(rig, stop.Token);
            lock (figures) figures.AddRange(found);
            Console.Write(new Report(bounds, found).Table());
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            lock (figures) failures.Add($"{scenario.Name}: {e.Message}");
            rig.Say(e.ToString());
        }
    }));
}

var report = new Report(bounds, figures);
var expected = options.Check ? bounds.Select(b => b.Name) : chosen.SelectMany(s => s.Figures);
failures.AddRange(report.Failures(expected.ToHashSet()));
if (options.Check)
{
    var commit = Environment.GetEnvironmentVariable("JARVIS_COMMIT") ?? "unknown";
    var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    await File.WriteAllTextAsync(Path.Combine(Rig.Root, "docs", "performance.md"), report.Page(commit, date), stop.Token);
}

Console.WriteLine();
foreach (var failure in failures) Console.WriteLine($"beyond: {failure}");
Console.WriteLine($"{figures.Count} figures, {failures.Count} beyond their bounds");
return failures.Count == 0 ? 0 : 1;
