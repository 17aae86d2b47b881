using CsCheck;
using Jarvis.Server.Cluster.History;

namespace Jarvis.Server.Tests.Cluster.History;

public sealed class QuantityTests
{
    [Fact]
    public void Any_size_comes_back_within_a_twentieth_of_a_percent() =>
        Gen.Double[0.5, 1e18].Sample(value =>
        {
            var back = Quantity.Value(Quantity.From(value, Metric.Memory), Metric.Memory)!.Value;
            return Math.Abs(back - value) <= Math.Max(value * 0.0005, 0.5);
        });

    [Fact]
    public void Any_share_of_a_processor_comes_back_within_a_twentieth_of_a_percent() =>
        Gen.Double[0.00001, 512].Sample(value =>
            Math.Abs(Quantity.Value(Quantity.From(value, Metric.Cpu), Metric.Cpu)!.Value - value) <= Math.Max(value * 0.0005, 0.000001));

    [Fact]
    public void Codes_are_in_the_order_of_values() =>
        Gen.Double[0, 1e15].Array[2].Sample(two =>
        {
            Array.Sort(two);
            return Quantity.From(two[0], Metric.NetIn) <= Quantity.From(two[1], Metric.NetIn);
        });

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void What_is_no_measurement_is_unknown(double? value) =>
        Assert.Null(Quantity.Value(Quantity.From(value, Metric.Cpu), Metric.Cpu));

    [Theory]
    [InlineData(Metric.Cpu)]
    [InlineData(Metric.DiskWrite)]
    public void Zero_is_zero_and_not_unknown(Metric metric) => Assert.Equal(0, Quantity.Value(Quantity.From(0, metric), metric));

    [Fact]
    public void The_largest_numbers_stay_large() =>
        Assert.True(Quantity.Value(Quantity.From(double.MaxValue, Metric.NetIn), Metric.NetIn) > 1e18);

    [Fact]
    public void Packed_series_come_back_as_they_were() =>
        Gen.Select(Gen.UShort.Array[Group.Series * 6], Gen.Int[0, 5]).Sample((values, quality) =>
        {
            var back = new ushort[values.Length];
            return ChunkCodec.TryDecode(ChunkCodec.Encode(values, 6, quality), back, 6) && back.AsSpan().SequenceEqual(values);
        }, iter: 200);

    [Fact]
    public void What_is_no_chunk_is_refused_and_throws_nothing() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var values = new ushort[Group.Series * 6];
            return !ChunkCodec.TryDecode(bytes, values, 6);
        });

    [Fact]
    public void Quiet_targets_take_next_to_no_room()
    {
        var values = new ushort[Group.Series * 60];
        for (var i = 0; i < values.Length; i++) values[i] = (ushort)(1000 + i / 60);
        Assert.InRange(ChunkCodec.Encode(values, 60, 5).Length, 1, 400);
    }
}
