using Jarvis.Bench.EventStore;

return args switch
{
    ["event-store", .. var rest] => await EventStoreBench.RunAsync(rest, CancellationToken.None),
    _ => 2,
};
