using Jarvis.Server.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Jarvis.Server.Tests.Hosting;

public sealed class OwnAuthorityTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_certificate_is_kept_until_it_ends_soon_or_lacks_a_name_and_the_authority_stays()
    {
        using var folder = new TestFolder();
        var own = new OwnAuthority(folder.File("tls"), _time);
        using var first = own.Certificate(["localhost", "10.0.0.5"]);
        using var again = own.Certificate(["localhost"]);
        Assert.Equal(first.Leaf.Thumbprint, again.Leaf.Thumbprint);

        using var wider = own.Certificate(["localhost", "10.0.0.6"]);
        Assert.NotEqual(first.Leaf.Thumbprint, wider.Leaf.Thumbprint);

        _time.Advance(TimeSpan.FromDays(366));
        using var early = own.Certificate(["localhost"]);
        Assert.Equal(wider.Leaf.Thumbprint, early.Leaf.Thumbprint);
        _time.Advance(TimeSpan.FromDays(2));
        using var renewed = own.Certificate(["localhost"]);
        Assert.NotEqual(wider.Leaf.Thumbprint, renewed.Leaf.Thumbprint);
        Assert.True(renewed.Leaf.NotAfter.ToUniversalTime() > _time.GetUtcNow().AddDays(396));
        Assert.Equal(first.AuthorityFingerprint, renewed.AuthorityFingerprint);
    }

    [Fact]
    public void A_certificate_never_outlives_its_authority_and_is_not_made_over_and_over_at_its_end()
    {
        using var folder = new TestFolder();
        var own = new OwnAuthority(folder.File("tls"), _time);
        own.Certificate(["localhost"]).Dispose();
        _time.Advance(TimeSpan.FromDays(3640));
        using var last = own.Certificate(["localhost"]);
        Assert.Equal(last.Chain[0].NotAfter, last.Leaf.NotAfter);
        using var again = own.Certificate(["localhost"]);
        Assert.Equal(last.Leaf.Thumbprint, again.Leaf.Thumbprint);
    }

    [Fact]
    public void A_key_that_does_not_fit_its_certificate_makes_another()
    {
        using var folder = new TestFolder();
        var own = new OwnAuthority(folder.Path, _time);
        using var first = own.Certificate(["localhost"]);
        File.Copy(folder.File("ca.key"), folder.File("server.key"), overwrite: true);
        using var second = own.Certificate(["localhost"]);
        Assert.NotEqual(first.Leaf.Thumbprint, second.Leaf.Thumbprint);
        Assert.True(second.Leaf.HasPrivateKey);
    }
}
