using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Jarvis.Safety.Tests;

public sealed class NameTests
{
    private static readonly long Sample = Environment.GetEnvironmentVariable("JARVIS_LONG") == "1" ? 200_000 : 2_000;

    /// <summary>Near misses: legal letters with hostile ones among them.</summary>
    private static readonly Gen<string> Hostile =
        Gen.Char["abzAZ019.-_:@+=/ \n\r\t\0;&|$`'\"\\<>(){}[]*?~#%!\u00e9\uff11\u0430\u200b\u202e"].Array[0, 40].Select(letters => new string(letters));

    [Fact]
    public void What_a_parser_takes_it_writes_and_takes_again()
    {
        Holds<ClusterKey>("abcdefghijklmnopqrstuvwxyz0123456789-");
        Holds<NodeName>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
        Holds<StorageId>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
        Holds<ServiceUnit>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@");
        Holds<PackageName>("abcdefghijklmnopqrstuvwxyz0123456789-.+");
        Holds<VolumeId>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@+=/");
        Holds<SnapshotName>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    }

    private static void Holds<T>(string letters) where T : struct, ITextValue<T> => Hostile.Sample(
        text =>
        {
            if (!T.TryParse(text, out var value)) return;
            Assert.All(text, letter => Assert.Contains(letter, letters));
            Assert.False(text.StartsWith('-'));
            Assert.True(T.TryParse(value.Value, out var again) && again.Equals(value));
            Assert.Equal(value, JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value)));
        },
        iter: Sample);

    [Fact]
    public void A_guest_is_a_number_in_range_or_a_name_that_is_not_digits() => Hostile.Sample(
        text =>
        {
            if (!GuestRef.TryParse(text, out var guest)) return;
            Assert.False(text.All(char.IsDigit));
            Assert.Equal(text, guest.Name);
            Assert.Equal(guest, JsonSerializer.Deserialize<GuestRef>(JsonSerializer.Serialize(guest)));
        },
        iter: Sample);

    [Theory]
    [InlineData("corosync", "corosync.service")]
    [InlineData("corosync.service", "corosync.service")]
    [InlineData("fstrim.timer", "fstrim.timer")]
    [InlineData("getty@tty1", "getty@tty1.service")]
    public void A_unit_has_one_whole_name(string text, string whole) => Assert.Equal(whole, ServiceUnit.TryParse(text, out var unit) ? unit.Value : null);

    [Theory]
    [InlineData("local:backup/vzdump-qemu-101-2026_11_22-03_00_00.vma.zst", true)]
    [InlineData("local-zfs:vm-101-disk-0", true)]
    [InlineData("local:/etc/passwd", false)]
    [InlineData("local:backup/../../etc/passwd", false)]
    [InlineData("local:a//b", false)]
    [InlineData("local", false)]
    [InlineData("local:", false)]
    public void A_volume_lies_in_a_storage_and_never_outside(string text, bool legal) => Assert.Equal(legal, VolumeId.TryParse(text, out _));

    [Theory]
    [InlineData("current", false)]
    [InlineData("before-upgrade", true)]
    [InlineData("1st", false)]
    [InlineData("a", false)]
    public void A_snapshot_is_not_the_present(string text, bool legal) => Assert.Equal(legal, SnapshotName.TryParse(text, out _));

    [Theory]
    [InlineData("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z")]
    [InlineData("2026-06-01T14:00:00+02:00", "2026-06-01T12:00:00Z")]
    [InlineData("2026-06-01T12:00:00", null)]
    [InlineData("2026-06-01", null)]
    [InlineData("2026-13-01T12:00:00Z", null)]
    [InlineData("2026-06-01T12:00:00Z ", null)]
    [InlineData("yesterday", null)]
    public void A_moment_has_a_zone(string text, string? canonical) => Assert.Equal(canonical, Moment.TryParse(text, out var moment) ? moment.Value : null);

    [Theory]
    [InlineData("UPID:pve1:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:", true)]
    [InlineData("UPID:pve1:0020C066:042DF204:69C26EB0:vzdump::mon@pve!tok:", true)]
    [InlineData("UPID:pve1:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam", false)]
    [InlineData("UPID:pve1/..:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:", false)]
    [InlineData("UPID:pve1:00000D07:0000DAB9:5FBE5E87:vzclone:../100:root@pam:", false)]
    [InlineData("UPID:pve1:00000D07:0000DAB9:5FBE5E87:vzclone:100:root@pam:\n", false)]
    [InlineData("100", false)]
    public void A_task_has_a_whole_upid(string text, bool legal) => Assert.Equal(legal, TaskId.TryParse(text, out var task) && task.Value == text);

    [Fact]
    public void A_number_of_a_guest_is_in_range() => Gen.Long[-10, 2_000_000_000].Sample(number =>
        VmId.TryCreate(number, out var id) == number is >= 100 and <= 999_999_999 && (number is < 100 or > 999_999_999 || id.ToString() == number.ToString(CultureInfo.InvariantCulture)));
}
