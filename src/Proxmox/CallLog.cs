namespace Jarvis.Proxmox;

/// <summary>The calls of the last minute, from which the statistics are made.</summary>
internal sealed class CallLog(TimeProvider time, Action<FinishedCall>? finished)
{
    private const int MostKept = 8192;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Queue<(long At, FinishedCall Call)> calls = new();

    public void Add(FinishedCall call)
    {
        lock (gate)
        {
            calls.Enqueue((time.GetTimestamp(), call));
            Trim();
        }

        finished?.Invoke(call);
    }

    public CallStatistics Summarise(IReadOnlyList<(Uri Address, bool InUse, DateTimeOffset? CoolsUntil)> endpoints)
    {
        FinishedCall[] recent;
        lock (gate)
        {
            Trim();
            recent = [.. calls.Select(entry => entry.Call)];
        }

        return new CallStatistics
        {
            Calls = recent.Length,
            Failures = Failures(recent),
            Bytes = recent.Sum(call => call.Bytes),
            AnswerTime = Total(recent),
            Paths =
            [
                .. recent.GroupBy(call => (call.Method, call.Path)).OrderByDescending(group => group.Count()).Select(group =>
                    new PathStatistics(
                        group.Key.Method, group.Key.Path, group.Count(), Failures(group), group.Sum(call => call.Bytes),
                        Total(group) / group.Count(), group.Max(call => call.Duration))),
            ],
            Endpoints =
            [
                .. endpoints.GroupJoin(recent, endpoint => endpoint.Address, call => call.Endpoint, (endpoint, made) =>
                    new EndpointStatistics(
                        endpoint.Address, endpoint.InUse, endpoint.CoolsUntil, made.Count(), Failures(made),
                        made.Sum(call => call.Bytes), made.Any() ? Total(made) / made.Count() : TimeSpan.Zero)),
            ],
        };
    }

    private static int Failures(IEnumerable<FinishedCall> calls) => calls.Count(call => call.Failure is not null);

    private static TimeSpan Total(IEnumerable<FinishedCall> calls) => TimeSpan.FromTicks(calls.Sum(call => call.Duration.Ticks));

    private void Trim()
    {
        while (calls.Count > MostKept || (calls.Count > 0 && time.GetElapsedTime(calls.Peek().At) > Window))
        {
            calls.Dequeue();
        }
    }
}
