using Jarvis.Proxmox.Wire;

namespace Jarvis.Server.Cluster;

/// <summary>Turns Proxmox's counters into rates. Its cache moves every 10 s at its own pace, so the guest's uptime and
/// not our clock says how long a counter ran; where it did not move, the last rate still holds.</summary>
internal sealed class GuestRates
{
    private readonly Dictionary<int, Sample> _samples = [];

    public Rates Update(int vmid, ClusterResource row)
    {
        if (row.Uptime is not > 0 || row.NetIn is null)
        {
            _samples.Remove(vmid);
            return default;
        }

        var now = new Sample(row.Uptime.Value, row.NetIn, row.NetOut, row.DiskRead, row.DiskWrite, default);
        if (_samples.TryGetValue(vmid, out var before))
        {
            var seconds = now.Uptime - before.Uptime;
            now = now with
            {
                Rates = seconds switch
                {
                    0 => before.Rates,
                    < 0 => default,
                    _ => new(
                        Rate(before.NetIn, now.NetIn, seconds), Rate(before.NetOut, now.NetOut, seconds),
                        Rate(before.DiskRead, now.DiskRead, seconds), Rate(before.DiskWrite, now.DiskWrite, seconds)),
                },
            };
        }

        _samples[vmid] = now;
        return now.Rates;
    }

    public void Forget(int vmid) => _samples.Remove(vmid);

    private static double? Rate(long? before, long? now, long seconds) => now >= before ? (now - before) / (double)seconds : null;

    internal readonly record struct Rates(double? NetIn, double? NetOut, double? DiskRead, double? DiskWrite);

    private readonly record struct Sample(long Uptime, long? NetIn, long? NetOut, long? DiskRead, long? DiskWrite, Rates Rates);
}
