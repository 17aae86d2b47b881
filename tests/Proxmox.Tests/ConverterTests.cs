using System.Globalization;
using System.Text.Json;
using CsCheck;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox.Tests;

public sealed class ConverterTests
{
    private readonly ProxmoxJson json = ProxmoxJson.Create();

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"1\"", true)]
    [InlineData("\"0\"", false)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"yes\"", true)]
    [InlineData("1.0", true)]
    [InlineData("null", null)]
    [InlineData("\"perhaps\"", null)]
    public void A_boolean_is_read_in_every_shape(string text, bool? expected) =>
        Assert.Equal(expected, Row($$"""{"id":"a","type":"b","template":{{text}}}""").Template);

    [Theory]
    [InlineData("34390517760", 34390517760)]
    [InlineData("\"34390517760\"", 34390517760)]
    [InlineData("3.4390517760e10", 34390517760)]
    [InlineData("\"3.4390517760e10\"", 34390517760)]
    [InlineData("12.5", 13L)]
    [InlineData("\" 12 \"", 12L)]
    [InlineData("1e300", null)]
    [InlineData("\"N/A\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("true", 1L)]
    [InlineData("\"\\u0031\\u0032\"", 12L)]
    public void A_whole_number_is_read_in_every_shape(string text, long? expected) =>
        Assert.Equal(expected, Row($$"""{"id":"a","type":"b","mem":{{text}}}""").Mem);

    [Theory]
    [InlineData("5.63781757807018e-05", 5.63781757807018e-05)]
    [InlineData("\"0.15\"", 0.15)]
    [InlineData("0", 0.0)]
    [InlineData("\"nan\"", null)]
    [InlineData("\"Infinity\"", null)]
    [InlineData("null", null)]
    public void A_fraction_is_read_in_every_shape(string text, double? expected) =>
        Assert.Equal(expected, Row($$"""{"id":"a","type":"b","cpu":{{text}}}""").Cpu);

    [Fact]
    public void Text_may_come_as_a_number_or_a_boolean()
    {
        var row = Row("""{"id":7,"type":"b","name":1.50,"tags":true,"lock":"","pool":null}""");
        Assert.Equal(("7", "1.50", "1", "", null), (row.Id, row.Name, row.Tags, row.Lock, row.Pool));
    }

    [Fact]
    public void Missing_keys_are_unknown_and_foreign_keys_are_ignored()
    {
        var row = Row("""{"type":"node","x":{"deep":[1,{"y":null}]},"id":"node/a","Cpu":1}""");
        Assert.Null(row.Cpu);
        Assert.Null(row.Status);
    }

    [Fact]
    public void Every_whole_number_survives_each_spelling() => Gen.Long.Sample(number =>
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(number, Row($$"""{"id":"a","type":"b","mem":{{text}}}""").Mem);
        Assert.Equal(number, Row($$"""{"id":"a","type":"b","mem":"{{text}}"}""").Mem);
    });

    [Fact]
    public void Every_finite_fraction_survives_each_spelling() => Gen.Double.Where(double.IsFinite).Sample(number =>
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(number, Row($$"""{"id":"a","type":"b","cpu":{{text}}}""").Cpu);
        Assert.Equal(number, Row($$"""{"id":"a","type":"b","cpu":"{{text}}"}""").Cpu);
    });

    [Fact]
    public void Any_text_as_a_number_is_read_or_unknown_and_never_breaks() => Gen.String.Sample(text =>
    {
        var quoted = JsonSerializer.Serialize(text.Replace('\ud800', ' '));
        var row = Row($$"""{"id":"a","type":"b","mem":{{quoted}},"cpu":{{quoted}},"vmid":{{quoted}},"template":{{quoted}}}""");
        Assert.True(row.Cpu is null || double.IsFinite(row.Cpu.Value));
    });

    [Fact]
    public void Every_text_survives_pooling() => Gen.String.Array[1, 20].Sample(texts =>
    {
        foreach (var text in texts.Concat(texts))
        {
            var sent = JsonSerializer.Serialize(text);
            Assert.Equal(JsonSerializer.Deserialize<string>(sent), Row($$"""{"id":"a","type":"b","name":{{sent}}}""").Name);
        }
    });

    [Fact]
    public void Texts_that_repeat_are_one_object()
    {
        const string Line = """{"id":"qemu/1","type":"qemu","node":"pve1","status":"running"}""";
        var (first, second) = (Row(Line), Row(Line));
        Assert.Same(first.Node, second.Node);
        Assert.Same(first.Status, second.Status);
    }

    private ClusterResource Row(string text) => JsonSerializer.Deserialize(text, json.ClusterResource)!;
}
