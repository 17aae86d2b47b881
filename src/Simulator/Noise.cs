namespace Jarvis.Simulator;

/// <summary>Stateless pseudo-random values: the same key and place always give the same number.</summary>
internal static class Noise
{
    public static ulong Hash(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public static ulong Key(int seed, string target)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var c in target)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return Hash(hash);
    }

    /// <summary>0 ≤ value &lt; 1.</summary>
    public static double Unit(ulong key, long place) =>
        (Hash(key ^ ((ulong)place * 0xD1342543DE82EF95)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>−1 … 1, continuous in time, changing over about one period.</summary>
    public static double Smooth(ulong key, double seconds, double period)
    {
        var p = seconds / period;
        var cell = (long)Math.Floor(p);
        var f = p - cell;
        f = f * f * (3 - (2 * f));
        var a = Unit(key, cell);
        return ((a + ((Unit(key, cell + 1) - a) * f)) * 2) - 1;
    }
}

/// <summary>The order-dependent generator that jitters actions; its state belongs to one cluster.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    public double Next() => (Noise.Hash(state++) >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Next());

    public int Between(int low, int high) => low + (int)((high - low) * Next());

    public TimeSpan Seconds(double low, double high) => TimeSpan.FromMilliseconds(Math.Round(Between(low, high) * 1000));

    public string Hex(int digits)
    {
        var text = "";
        while (text.Length < digits)
        {
            text += Noise.Hash(state++).ToString("x16", null);
        }

        return text[..digits];
    }
}
