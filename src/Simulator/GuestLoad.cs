namespace Jarvis.Simulator;

/// <summary>One moment of a guest. Sizes in bytes, cpu as a fraction of its own vCPUs, counters since start.</summary>
internal readonly record struct GuestSample(
    double Cpu, long Memory, long MemoryHost, long Disk, long NetIn, long NetOut, long DiskRead, long DiskWrite, long Uptime);

/// <summary>A guest's load as a pure function of time.</summary>
internal sealed class GuestLoad(int seed, string target, Persona persona)
{
    private const double Day = 86400;
    private const double Week = 7 * Day;
    private const double Thursday = 3 * Day;
    private readonly ulong key = Noise.Key(seed, target);
    private readonly double scale = .6 + (.8 * Noise.Unit(Noise.Key(seed, target), 7));
    private readonly double phase = Math.Tau * Noise.Unit(Noise.Key(seed, target), 11);
    private readonly double peak = (persona.PeakHour * 3600) + (5400 * ((2 * Noise.Unit(Noise.Key(seed, target), 3)) - 1));

    public Persona Persona => persona;

    public ulong Key => key;

    public double Cpu(double time)
    {
        var day = .5 + (.5 * Math.Cos(Math.Tau * (time - peak) / Day));
        var weekend = .5 + (.5 * Math.Cos(Math.Tau * (time + Thursday - (5.5 * Day)) / Week));
        var curve = day * day * (1 + ((persona.Weekend - 1) * weekend * weekend));
        var wander = (.5 * Noise.Smooth(key, time, 7200)) + (.3 * Noise.Smooth(key + 1, time, 1100))
            + (.2 * Noise.Smooth(key + 2, time, 140));
        var load = (persona.CpuBase + (persona.CpuDay * curve * (1 + (.35 * wander)))) * scale;
        if (persona.Burst > 0)
        {
            var gate = Math.Clamp((Noise.Smooth(key + 3, time, 2700) - .45) * 4, 0, 1);
            load += persona.Burst * gate * (.35 + (.65 * curve)) * (.85 + (.15 * Noise.Smooth(key + 4, time, 90)));
        }

        return Math.Clamp(load + (persona.Jitter * wander), .0008, 1);
    }

    public double MemoryFraction(double time)
    {
        var wander = (.7 * Noise.Smooth(key + 5, time, 5 * 3600)) + (.3 * Noise.Smooth(key + 6, time, 1500));
        var day = Math.Cos(Math.Tau * (time - peak) / Day);
        var fraction = persona.MemoryBase + (.08 * ((2 * Noise.Unit(
            key, 21)) - 1)) + (persona.MemorySwing * ((.6 * wander) + (.4 * day)));
        return Math.Clamp(fraction, .05, .97);
    }

    /// <summary>Integral of the network shape from a fixed origin: counters are differences of it, rates its slope.</summary>
    public double NetIntegral(double time) => Integral(time, phase);

    public double DiskIntegral(double time) => Integral(time, phase + 2.1);

    public double NetInRate => persona.NetIn * scale;
    public double NetOutRate => persona.NetOut * scale;
    public double DiskReadRate => persona.DiskRead * scale;
    public double DiskWriteRate => persona.DiskWrite * scale;
    public double DiskFill => .28 + (.45 * Noise.Unit(key, 31));

    // The amplitudes add up to less than 1: the slope stays positive and counters monotonic.
    private double Integral(double time, double shift)
    {
        var t = time - 1_700_000_000;
        return t
            + Wave(.40, Day, t, Math.Tau * ((1_700_000_000 % Day) - peak) / Day)
            + Wave(.16, Day / 2, t, shift) + Wave(.12, Week, t, shift * 1.7)
            + Wave(.12, 5400, t, shift * 2.3) + Wave(.10, 1310, t, shift * 3.1) + Wave(.07, 233, t, shift * 4.3);
    }

    private static double Wave(double amplitude, double period, double t, double shift) =>
        amplitude * period / Math.Tau * Math.Sin((Math.Tau * t / period) + shift);
}
