namespace Jarvis.Server.Auth;

/// <summary>The two cookies of a session, and the one by which a browser is known; no script can read any.</summary>
internal static class Cookies
{
    public const string Refresh = "jarvis_refresh";
    public const string Hub = "jarvis_access";
    public const string Device = "jarvis_device";
    public const string RefreshPath = "/api/auth";
    public const string HubPath = "/hubs";
    private static readonly TimeSpan DeviceLife = TimeSpan.FromDays(365);

    public static void Set(HttpContext context, Sessions sessions, LiveSession session)
    {
        var life = session.Row.ExpiresAt - session.Row.RotatedAt;
        context.Response.Cookies.Append(Refresh, sessions.RefreshToken(session), Flags(context, RefreshPath, life));
        context.Response.Cookies.Append(Hub, sessions.HubToken(session), Flags(context, HubPath, life));
    }

    public static void SetDevice(HttpContext context, string cookie) =>
        context.Response.Cookies.Append(Device, cookie, Flags(context, RefreshPath, DeviceLife));

    public static void Clear(HttpContext context)
    {
        context.Response.Cookies.Delete(Refresh, Flags(context, RefreshPath, null));
        context.Response.Cookies.Delete(Hub, Flags(context, HubPath, null));
    }

    private static CookieOptions Flags(HttpContext context, string path, TimeSpan? life) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = path, MaxAge = life, IsEssential = true,
    };
}
