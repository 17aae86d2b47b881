using Jarvis.Bench.EventStore;
using Jarvis.Bench.History;
using Jarvis.Bench.Persistence;

return args switch
{
    ["event-store", .. var rest] => await EventStoreBench.RunAsync(rest, CancellationToken.None),
    ["app-db"] => await AppDbBench.RunAsync(CancellationToken.None),
    ["history", .. var rest] => await HistoryBench.RunAsync(rest, CancellationToken.None),
    _ => 2,
};
