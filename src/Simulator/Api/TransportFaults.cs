using System.Globalization;

namespace Jarvis.Simulator.Api;

/// <summary>Applies the faults of the wire: slow, errors, truncate, garble, reset, and nodes that cannot be reached.</summary>
internal sealed class TransportFaults(VirtualCluster cluster)
{
    private readonly Random random = new(cluster.Seed);
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);

    /// <summary>What befalls one request.</summary>
    public readonly record struct Hit(PveException? Error, bool Reset, bool Truncate, bool Garbled, int Dice)
    {
        public int? CutAt(Answer answer) => Truncate ? Math.Max(1, answer.Body.Length / 2) : null;

        public Answer Garble(Answer answer)
        {
            if (!Garbled || answer.Body.Length == 0)
            {
                return answer;
            }
            var bytes = answer.Body.ToArray();
            var noise = new Random(Dice);
            for (var i = 0; i < Math.Max(1, bytes.Length / 16); i++)
            {
                bytes[noise.Next(bytes.Length)] = (byte)noise.Next(32, 127);
            }
            bytes[0] = (byte)'<';
            return answer.With(bytes);
        }
    }

    public async Task<Hit> BeforeAsync(string local, string path, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.Zero;
        var hit = default(Hit);
        bool hung;
        lock (random)
        {
            using var scope = cluster.Gate.EnterScope();
            hung = cluster.Nodes[local].Power == NodePower.Hung;
            foreach (var fault in cluster.Faults.Active)
            {
                if (fault.Kind is not ("slow" or "errors" or "truncate" or "garble" or "reset")
                    || !Strikes(fault, local, path))
                {
                    continue;
                }
                hit = fault.Kind switch
                {
                    "errors" => hit with { Error = Failure((int)Number(fault, "status", 500)) },
                    "truncate" => hit with { Truncate = true },
                    "garble" => hit with { Garbled = true, Dice = random.Next() },
                    "reset" => hit with { Reset = true },
                    _ => hit,
                };
                delay += fault.Kind == "slow" ? TimeSpan.FromSeconds(Number(fault, "seconds", 5)) : TimeSpan.Zero;
            }
        }
        await Task.Delay(hung ? Timeout.InfiniteTimeSpan : delay, TimeProvider.System, cancellationToken);
        return hit;
    }

    /// <summary>Throws 595 where a partition lies between two nodes.</summary>
    public void RequireReachable(string from, string to)
    {
        if (cluster.Faults.Cut(from) != cluster.Faults.Cut(to))
        {
            throw new PveException(595, "No route to host");
        }
    }

    private bool Strikes(Fault fault, string local, string path)
    {
        if ((fault.Target != "*" && fault.Target != local
            && !path.StartsWith($"/nodes/{fault.Target}/", StringComparison.Ordinal))
            || !path.StartsWith(fault.Parameters.GetValueOrDefault("path", ""), StringComparison.Ordinal))
        {
            return false;
        }
        var call = calls[fault.Id] = calls.GetValueOrDefault(fault.Id) + 1;
        return fault.Parameters.TryGetValue("nth", out var nth)
            ? call % int.Parse(nth, CultureInfo.InvariantCulture) == 0
            : random.NextDouble() < Number(fault, "probability", 1);
    }

    private static double Number(Fault fault, string name, double otherwise) =>
        fault.Parameters.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static PveException Failure(int status) => new(status, status switch
    {
        401 => "authentication failure",
        403 => "Permission check failed",
        500 => "got timeout",
        503 => "Service Unavailable",
        595 => "Connection refused",
        596 => "Connection timed out",
        _ => "unexpected failure",
    });
}
