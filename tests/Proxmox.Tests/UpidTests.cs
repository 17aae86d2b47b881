using CsCheck;

namespace Jarvis.Proxmox.Tests;

public sealed class UpidTests
{
    private static readonly Gen<string> Word = Gen.Char["abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.@!-"].Array[1, 20].Select(letters => new string(letters));

    private static readonly Gen<Upid> Upids =
        from node in Gen.Char["abcxyz019"].Array[1, 12].Select(letters => new string(letters))
        from pid in Gen.UInt
        from start in Gen.Long[0, 0xF_FFFF_FFFF]
        from at in Gen.UInt
        from type in Word
        from id in Gen.OneOf(Gen.Const(""), Word)
        from user in Word
        select new Upid
        {
            Node = node, Pid = pid, PidStart = start, StartTime = DateTimeOffset.FromUnixTimeSeconds(at), Type = type, Id = id, User = user,
        };

    [Fact]
    public void Every_upid_survives_being_written_and_read() =>
        Upids.Sample(upid => Assert.Equal(upid, Upid.Parse(upid.ToString())));

    [Fact]
    public void Any_text_is_read_or_refused_but_never_breaks_the_reader() =>
        Gen.OneOf(Gen.String, Upids.Select(Gen.Int[0, 60], (upid, at) => upid.ToString()[..Math.Min(at, upid.ToString().Length - 1)]))
            .Sample(text => !Upid.TryParse(text, out var upid) || upid.ToString().Equals(text, StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("UPID:pve:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:", "vzclone", "100", "root@pam")]
    [InlineData("UPID:pve1:0020C066:042DF204:69C26EB0:vzdump::root@pam:", "vzdump", "", "root@pam")]
    [InlineData("UPID:pve:00000798:000096A1:5FBE5DD9:imgdel:100@local:root@pam:", "imgdel", "100@local", "root@pam")]
    [InlineData("UPID:pve-2:00000798:1000096A1:5FBE5DD9:qmstart:100:mon@pve!tok:", "qmstart", "100", "mon@pve!tok")]
    public void Real_ones_are_read(string text, string type, string id, string user)
    {
        var upid = Upid.Parse(text);
        Assert.Equal((type, id, user), (upid.Type, upid.Id, upid.User));
        Assert.Equal(text, upid.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("UPID:pve:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam")]
    [InlineData("UPID:pve:D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:")]
    [InlineData("UPID:../x:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:")]
    [InlineData("UPID:pve:00000D07:0000DAB9:5FBE5E87:vz/clone:100:root@pam:")]
    [InlineData("UPID:pve:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:\n")]
    public void Others_are_refused(string? text) => Assert.False(Upid.TryParse(text, out _));
}
