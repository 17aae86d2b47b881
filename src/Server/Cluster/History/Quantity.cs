namespace Jarvis.Server.Cluster.History;

/// <summary>A measured value in 16 bits: 0 unknown, 1 zero, else six bits of exponent and ten of mantissa, which is
/// right to 0.05 %.</summary>
internal static class Quantity
{
    public const ushort Unknown = 0;
    private const ushort Zero = 1;
    private const int MantissaBits = 10;
    private const int Dropped = 52 - MantissaBits;
    private const long One = 1023L << MantissaBits;

    // So that a fraction has room below one.
    private const double CpuScale = 1 << 20;

    public static ushort From(double? value, Metric metric)
    {
        if (value is not >= 0 || !double.IsFinite(value.Value)) return Unknown;
        var scaled = metric == Metric.Cpu ? value.Value * CpuScale : value.Value;
        if (scaled < 0.5) return Zero;
        var bits = (BitConverter.DoubleToInt64Bits(Math.Max(1, scaled)) + (1L << (Dropped - 1))) >> Dropped;
        return (ushort)Math.Min(bits - One + 2, ushort.MaxValue);
    }

    public static double? Value(ushort code, Metric metric)
    {
        if (code == Unknown) return null;
        if (code == Zero) return 0;
        var scaled = BitConverter.Int64BitsToDouble((code - 2 + One) << Dropped);
        return metric == Metric.Cpu ? scaled / CpuScale : scaled;
    }
}
