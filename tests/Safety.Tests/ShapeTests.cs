using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Jarvis.Safety.Arguments;

namespace Jarvis.Safety.Tests;

/// <summary>What a parameter may be, to the last number and letter, and what is said when it is not.</summary>
public sealed class ShapeTests
{
    private static readonly Fields Taken = ToolCatalogue.Of(new Shapes()).Find("take")!.Fields;

    public sealed record Part([MinLength(2), MaxLength(4)] string Code, [Range(1, 3)] int Weight = 2);

    public sealed class Shapes
    {
        private int _taken;

        [Tool(Tier.Green, Outside = false), Description("Takes.")]
        public int Take(
            [Length(1, 3)] Part[]? parts = null, [Range(-1.5, 2.5)] double share = 0, [Range(-5, 5)] long wide = 0, BackupMode mode = BackupMode.Suspend, bool flag = false,
            [Length(2, 3)] string? word = null, NodeName? node = null, VmId? vmid = null, GuestRef? guest = null, string text = "", [Description("Whose it is.")] string owner = "me") =>
            _taken += (parts?.Length ?? 0) + (int)share + (int)wide + (int)mode + (flag ? 1 : 0) + (word ?? text).Length + (node?.Value.Length ?? 0) + (vmid?.Value ?? 0) + (guest?.Id.Value ?? 0) + owner.Length;
    }

    [Theory]
    [InlineData("""{"share":-1.5}""", null)]
    [InlineData("""{"share":2.5}""", null)]
    [InlineData("""{"share":2.6}""", "share must be a number from -1.5 to 2.5; it is another number.")]
    [InlineData("""{"share":-1.6}""", "share must be a number from -1.5 to 2.5; it is another number.")]
    [InlineData("""{"share":"1"}""", "share must be a number from -1.5 to 2.5; it is a string.")]
    [InlineData("""{"wide":5}""", null)]
    [InlineData("""{"wide":-5}""", null)]
    [InlineData("""{"wide":6}""", "wide must be a whole number from -5 to 5; it is another number.")]
    [InlineData("""{"wide":-6}""", "wide must be a whole number from -5 to 5; it is another number.")]
    [InlineData("""{"wide":null}""", "wide must be a whole number from -5 to 5; it is null.")]
    [InlineData("""{"flag":true}""", null)]
    [InlineData("""{"flag":1}""", "flag must be true or false; it is another number.")]
    [InlineData("""{"flag":{}}""", "flag must be true or false; it is an object.")]
    [InlineData("""{"mode":"stop"}""", null)]
    [InlineData("""{"mode":2}""", "mode must be one of snapshot, suspend, stop; it is another number.")]
    [InlineData("""{"word":"ab"}""", null)]
    [InlineData("""{"word":"abc"}""", null)]
    [InlineData("""{"word":null}""", null)]
    [InlineData("""{"word":"a"}""", "word must be text of 2 to 3 characters; it is 1 long.")]
    [InlineData("""{"word":"abcd"}""", "word must be text of 2 to 3 characters; it is 4 long.")]
    [InlineData("""{"word":true}""", "word must be text of 2 to 3 characters; it is a boolean.")]
    [InlineData("""{"word":["ab"]}""", "word must be text of 2 to 3 characters; it is a list.")]
    [InlineData("""{"node":"pve1"}""", null)]
    [InlineData("""{"node":"pve 1"}""", "node must be a node's name: letters, digits and dashes, at most 63 characters.")]
    [InlineData("""{"node":1}""", "node must be a node's name: letters, digits and dashes, at most 63 characters; it is another number.")]
    [InlineData("""{"vmid":100}""", null)]
    [InlineData("""{"vmid":999999999}""", null)]
    [InlineData("""{"vmid":99}""", "vmid must be a whole number from 100 to 999999999; it is another number.")]
    [InlineData("""{"guest":"a.b"}""", null)]
    [InlineData("""{"guest":false}""", "guest must be a guest's number (a whole number from 100 to 999999999) or its exact name (letters, digits, dots and dashes, not digits alone); it is a boolean.")]
    [InlineData("""{"guest":"123"}""", "guest must be a guest's number (a whole number from 100 to 999999999) or its exact name (letters, digits, dots and dashes, not digits alone).")]
    [InlineData("""{"parts":[{"code":"ab"}]}""", null)]
    [InlineData("""{"parts":[{"code":"ab"},{"code":"abcd","weight":1},{"code":"abc","weight":3}]}""", null)]
    [InlineData("""{"parts":[]}""", "parts must be a list of 1 to 3, each an object with code, weight (optional); it is shorter.")]
    [InlineData("""{"parts":[{"code":"ab"},{"code":"ab"},{"code":"ab"},{"code":"ab"}]}""", "parts must be a list of 1 to 3, each an object with code, weight (optional); it is longer.")]
    [InlineData("""{"parts":{"code":"ab"}}""", "parts must be a list of 1 to 3, each an object with code, weight (optional); it is an object.")]
    [InlineData("""{"parts":[3]}""", "parts[0] must be an object with code, weight (optional); it is another number.")]
    [InlineData("""{"parts":[{"code":"ab"},{"code":"a"}]}""", "parts[1].code must be text of 2 to 4 characters; it is 1 long.")]
    [InlineData("""{"parts":[{"weight":1}]}""", "parts[0].code is missing; it must be text of 2 to 4 characters.")]
    [InlineData("""{"parts":[{"code":"ab","weight":4}]}""", "parts[0].weight must be a whole number from 1 to 3; it is another number.")]
    [InlineData("""{"parts":[{"code":"ab","code":"ab"}]}""", "parts[0].code is given twice.")]
    [InlineData("""{"parts":[{"code":"ab","colour":1}]}""", "parts[0] takes nothing called colour; legal is an object with code, weight (optional). Names are written exactly so.")]
    [InlineData("[]", "The arguments must be a JSON object.")]
    [InlineData("", "The arguments are missing; without any they are {}.")]
    public void What_is_not_legal_is_named_with_what_is(string json, string? why)
    {
        if (why is null) Binder.Bind(Taken, Encoding.UTF8.GetBytes(json));
        else Assert.Equal(why, Assert.Throws<MalformedException>(() => Binder.Bind(Taken, Encoding.UTF8.GetBytes(json))).Message);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Text_has_a_length_however_it_is_written(int length, bool legal)
    {
        foreach (var letter in new[] { "x", "\\u0078", "\u4e2d" })
        {
            var json = Encoding.UTF8.GetBytes($$"""{"text":"{{string.Concat(Enumerable.Repeat(letter, length))}}"}""");
            if (legal) Binder.Bind(Taken, json);
            else Assert.Contains("text of at most 10000 characters", Assert.Throws<MalformedException>(() => Binder.Bind(Taken, json)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void All_of_it_has_a_length(int more, bool legal)
    {
        var json = new byte[Binder.MostBytes + more];
        json.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(json);
        if (legal) Binder.Bind(Taken, json);
        else Assert.Contains("are the most", Assert.Throws<MalformedException>(() => Binder.Bind(Taken, json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_spelling_is_written_of_it()
    {
        string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Taken, Binder.Bind(Taken, Encoding.UTF8.GetBytes(json))));
        Assert.Equal("""{"flag":false,"mode":"suspend","owner":"me","share":0,"text":"","wide":0}""", Canonical("{}"));
        Assert.Equal(
            """{"flag":true,"guest":"web","mode":"stop","node":"pve1","owner":"you","parts":[{"code":"ab","weight":2}],"share":0.5,"text":"t","vmid":101,"wide":-5,"word":"abc"}""",
            Canonical("""{"word":"abc","wide":-5,"vmid":101,"text":"t","share":0.5,"parts":[{"code":"ab"}],"owner":"you","node":"pve1","mode":"stop","guest":"web","flag":true}"""));
    }

    [Fact]
    public void A_schema_says_the_same()
    {
        using var expected = System.Text.Json.JsonDocument.Parse("""
            {"type":"object","properties":{
              "parts":{"type":"array","items":{"type":"object","properties":{"code":{"type":"string","maxLength":4,"minLength":2},"weight":{"type":"integer","minimum":1,"maximum":3,"default":2}},"required":["code"],"additionalProperties":false},"maxItems":3,"minItems":1},
              "share":{"type":"number","minimum":-1.5,"maximum":2.5,"default":0},
              "wide":{"type":"integer","minimum":-5,"maximum":5,"default":0},
              "mode":{"type":"string","enum":["snapshot","suspend","stop"],"default":"suspend"},
              "flag":{"type":"boolean","default":false},
              "word":{"type":"string","maxLength":3,"minLength":2},
              "node":{"type":"string","description":"a node's name: letters, digits and dashes, at most 63 characters"},
              "vmid":{"type":"integer","minimum":100,"maximum":999999999},
              "guest":{"description":"a guest's number, or its exact name","anyOf":[{"type":"integer","minimum":100,"maximum":999999999},{"type":"string","maxLength":253}]},
              "text":{"type":"string","maxLength":10000,"default":""},
              "owner":{"type":"string","maxLength":10000,"description":"Whose it is.","default":"me"}},
             "required":[],"additionalProperties":false}
            """);
        var schema = ToolCatalogue.Of(new Shapes()).Find("take")!.Schema;
        Assert.True(System.Text.Json.JsonElement.DeepEquals(expected.RootElement, schema), schema.GetRawText());
    }
}
