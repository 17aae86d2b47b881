using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jarvis.Safety.Tests;

/// <summary>Names, text and secrets at the bounds of what is legal.</summary>
public sealed class BoundTests
{
    [Fact]
    public void What_is_not_legal_gives_no_value()
    {
        Nothing<ClusterKey>();
        Nothing<NodeName>();
        Nothing<StorageId>();
        Nothing<ServiceUnit>();
        Nothing<PackageName>();
        Nothing<VolumeId>();
        Nothing<SnapshotName>();
        Assert.False(VmId.TryCreate(99, out var id));
        Assert.Equal(default, id);
        Assert.False(GuestRef.TryParse("-web", out var guest));
        Assert.Equal(default, guest);

        static void Nothing<T>() where T : struct, ITextValue<T>
        {
            Assert.False(T.TryParse("-; ", out var value));
            Assert.Equal(default, value);
        }
    }

    [Fact]
    public void A_guest_is_written_as_it_was_named()
    {
        Assert.True(GuestRef.TryParse("web1", out var named));
        Assert.Equal("\"web1\"", JsonSerializer.Serialize(named));
        Assert.True(VmId.TryCreate(101, out var id));
        Assert.Equal("101", JsonSerializer.Serialize(GuestRef.Of(id)));
        Assert.Equal(id, JsonSerializer.Deserialize<VmId>("101"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VmId>("\"101\""));
    }

    [Fact]
    public void A_target_names_its_cluster_if_it_has_one()
    {
        Assert.Equal("path /mnt", new Target("", Kind.Path, "/mnt").ToString());
        Assert.Equal("guest 101 of lab", new Target("lab", Kind.Guest, "101").ToString());
    }

    [Theory]
    [InlineData(0x115F, true)]
    [InlineData(0x1160, true)]
    [InlineData(0x3164, true)]
    [InlineData(0xFFA0, true)]
    [InlineData(0x034F, true)]
    [InlineData(0xFE00, true)]
    [InlineData(0xFE0F, true)]
    [InlineData(0xE0000, true)]
    [InlineData(0xE0FFF, true)]
    [InlineData(0x115E, false)]
    [InlineData(0x1161, false)]
    [InlineData(0xFE10, false)]
    [InlineData(0xE1000, false)]
    public void A_letter_that_is_not_seen_is_written_out_or_taken_out(int letter, bool hidden)
    {
        var text = $"a{new Rune(letter)}b";
        Assert.Equal(hidden ? "ab" : text, PlainText.Stripped(text));
        Assert.Equal(hidden ? $"a\\u{{{letter:X}}}b" : text, PlainText.Shown(text, 60));
    }

    [Fact]
    public void A_tab_is_written_out_on_one_line() => Assert.Equal("a\\tb\\nc\\rd", PlainText.Shown("a\tb\nc\rd", 60));

    [Theory]
    [InlineData("a\u009dtitle\u009cb")]
    [InlineData("a\u0090data\u009cb")]
    [InlineData("a\u009fdata\u009cb")]
    public void A_sequence_goes_as_a_whole_however_it_begins(string text) => Assert.Equal("ab", PlainText.Stripped(text));

    [Fact]
    public void Known_secrets_are_blanked_from_six_letters_on_the_longest_first()
    {
        var redactor = new SecretRedactor(["short", "sesame", "sesame-open-now"]);
        Assert.Equal("short [redacted] [redacted]", redactor.Redact("short sesame sesame-open-now"));
        Assert.Equal("pwd=[redacted]", redactor.Redact("pwd=ab"));
    }

    [Fact]
    public void Under_the_name_of_a_secret_text_and_numbers_are_blanked_however_deep()
    {
        var redacted = new SecretRedactor([]).Redact(JsonNode.Parse("""{"token":"a","password":1,"secret":{"id":"x","of":[1,"y"]},"api_key":true,"cores":2}"""), static text => text);
        Assert.Equal("""{"token":"[redacted]","password":"[redacted]","secret":{"id":"[redacted]","of":["[redacted]","[redacted]"]},"api_key":true,"cores":2}""", redacted!.ToJsonString());
    }
}
