using System.Text;
using CsCheck;

namespace Jarvis.Safety.Tests;

/// <summary>What is given to models, logs and screens.</summary>
public sealed class OutputTests
{
    private static readonly SecretRedactor Redactor = new(["the-house-secret", "short"]);

    [Theory]
    [InlineData("PVEAPIToken=root@pam!jarvis=0f1c1f0e-1111-2222-3333-444455556666", "PVEAPIToken=[redacted]")]
    [InlineData("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer [redacted]")]
    [InlineData("curl https://anna:geheim@nas.lan/x", "curl https://[redacted]@nas.lan/x")]
    [InlineData("https://x.test/?a=1&api_key=abc123&b=2", "https://x.test/?a=1&api_key=[redacted]&b=2")]
    [InlineData("password: geheim1", "password: [redacted]")]
    [InlineData("\"db_password\":\"geheim1\",\"x\":1", "\"db_password\":\"[redacted]\",\"x\":1")]
    [InlineData("MYSQL_ROOT_PASSWORD=geheim1", "MYSQL_ROOT_PASSWORD=[redacted]")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz012345", "[redacted]")]
    [InlineData("root:$6$abcdefgh$0123456789abcdefghijklmnopqrstuvwxyz:19000", "root:[redacted]:19000")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\nrest", "[redacted]\nrest")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nabc", "[redacted]")]
    [InlineData("it is the-house-secret.", "it is [redacted].")]
    [InlineData("a short word", "a short word")]
    [InlineData("the password policy asks for tokens of 8 letters", "the password policy asks for tokens of 8 letters")]
    [InlineData("UPID:pve1:00001234:00005678:65000000:qmstart:101:root@pam:", "UPID:pve1:00001234:00005678:65000000:qmstart:101:root@pam:")]
    [InlineData("scsi0: local-zfs:vm-101-disk-0,size=32G", "scsi0: local-zfs:vm-101-disk-0,size=32G")]
    public void What_looks_like_a_secret_is_blanked_and_nothing_else(string text, string shown)
    {
        Assert.Equal(shown, Redactor.Redact(text));
        Assert.Equal(shown, Redactor.Redact(shown));
    }

    [Theory]
    [InlineData("password", true)]
    [InlineData("ciPassword", true)]
    [InlineData("api_key", true)]
    [InlineData("apiKey", true)]
    [InlineData("accessToken", true)]
    [InlineData("tokenid", false)]
    [InlineData("monkey", false)]
    [InlineData("cores", false)]
    public void Names_of_secrets_are_known(string name, bool secret) => Assert.Equal(secret, SecretRedactor.IsSecretName(name));

    [Theory]
    [InlineData("\u001b[1;31mred\u001b[0m", "red")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("a\u001b]52;c;ZXZpbA==\u001b\\b", "ab")]
    [InlineData("a\u009b31mb\u009dx\u009cc", "abc")]
    [InlineData("a\u001b]52;c;never closed", "a")]
    [InlineData("a\u200b\u202e\u2066b\u00adc\ufeffd", "abcd")]
    [InlineData("tag\U000e0041\U000e0042s", "tags")]
    [InlineData("line\nnext\tcolumn\r\n", "line\nnext\tcolumn\n")]
    [InlineData("größe 中文 🙂", "größe 中文 🙂")]
    public void What_moves_a_cursor_or_hides_is_taken_out(string text, string plain) => Assert.Equal(plain, PlainText.Stripped(text));

    [Fact]
    public void What_was_stripped_or_shown_has_nothing_left_to_strip() => Gen.String[Gen.Char["ab\u001b[]0;31m\u0007\\\u009b\u202e\u200b\n\t\r\0\ud83d\ude42é"], 0, 40].Sample(text =>
    {
        var plain = PlainText.Stripped(text);
        var shown = PlainText.Shown(text, 10_000);
        return plain == PlainText.Stripped(plain) && !plain.Contains('\u001b', StringComparison.Ordinal) && shown == PlainText.Stripped(shown) && !shown.Contains('\n', StringComparison.Ordinal);
    });

    [Fact]
    public void A_cut_falls_between_letters() => Gen.Select(Gen.String[Gen.Char["aé中"], 0, 50], Gen.Int[0, 60]).Sample((text, most) =>
    {
        var cut = OutputPolicy.Cut(text + "🙂" + text, most);
        return Encoding.UTF8.GetByteCount(cut) <= most && !char.IsHighSurrogate(cut.LastOrDefault()) && (text + "🙂" + text).StartsWith(cut, StringComparison.Ordinal);
    });
}
