namespace Jarvis.Server.Auth;

/// <summary>The two cookies of a session, and the one by which a browser is known; no script can read any. A browser sends a
/// host's cookies to each of its ports, so their names say which server's they are: another one beside it has
/// another key.</summary>
public sealed class Cookies(SigningKey key)
{
    private readonly string _server = Convert.ToHexStringLower(key.Mac("cookies").AsSpan(0, 4));

    public string Refresh => $"jarvis_refresh_{_server}";
    public string Hub => $"jarvis_access_{_server}";
    public string Device => $"jarvis_device_{_server}";

    public const string RefreshPath = "/api/auth";
    public const string HubPath = "/hubs";
    private static readonly TimeSpan DeviceLife = TimeSpan.FromDays(365);

    internal void Set(HttpContext context, Sessions sessions, LiveSession session)
    {
        var life = session.Row.ExpiresAt - session.Row.RotatedAt;
        context.Response.Cookies.Append(Refresh, sessions.RefreshToken(session), Flags(context, RefreshPath, life));
        context.Response.Cookies.Append(Hub, sessions.HubToken(session), Flags(context, HubPath, life));
    }

    internal void SetDevice(HttpContext context, string cookie) =>
        context.Response.Cookies.Append(Device, cookie, Flags(context, RefreshPath, DeviceLife));

    internal void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(Refresh, Flags(context, RefreshPath, null));
        context.Response.Cookies.Delete(Hub, Flags(context, HubPath, null));
    }

    private static CookieOptions Flags(HttpContext context, string path, TimeSpan? life) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = path, MaxAge = life, IsEssential = true,
    };
}
