using Jarvis.Server.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Jarvis.Server.Auth;

/// <summary>Accounts and sessions in the database.</summary>
public sealed class AuthStore(AppDbFile file, IDbContextFactory<AppDb> contexts)
{
    internal const string Tables = """
        CREATE TABLE accounts (
            name TEXT PRIMARY KEY, role TEXT NOT NULL, password_hash TEXT NOT NULL,
            created_at INTEGER NOT NULL, password_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE sessions (
            id BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, seed BLOB NOT NULL,
            created_at INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, generation INTEGER NOT NULL,
            rotated_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX sessions_by_user ON sessions (user);
        """;

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public string? Trouble => file.Trouble;

    public async Task<Account?> FindAccountAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Name == name, cancellationToken);
    }

    public async Task<bool> HasAccountsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Account>().AnyAsync(cancellationToken);
    }

    /// <summary>Adds the account, or changes the one of that name.</summary>
    public async Task SaveAsync(Account account, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Set<Account>().AnyAsync(a => a.Name == account.Name, cancellationToken);
        db.Entry(account).State = known ? EntityState.Modified : EntityState.Added;
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<(Session Session, Role Role)>> SessionsAsync(DateTimeOffset livingAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<Session>().Where(s => s.ExpiresAt <= livingAt).ExecuteDeleteAsync(cancellationToken);
        var rows = await db.Set<Session>().AsNoTracking()
            .Join(db.Set<Account>(), s => s.User, a => a.Name, (s, a) => new { s, a.Role }).ToListAsync(cancellationToken);
        return [.. rows.Select(r => (r.s, r.Role))];
    }

    public async Task AddAsync(Session session, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task UpdateAsync(Session session, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Update(session);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task RemoveAsync(IReadOnlyCollection<Guid> sessions, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<Session>().Where(s => sessions.Contains(s.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts").HasKey(a => a.Name);
        builder.Property(a => a.Name).HasColumnName("name");
        builder.Property(a => a.Role).HasColumnName("role").HasConversion<string>();
        builder.Property(a => a.PasswordHash).HasColumnName("password_hash");
        builder.Property(a => a.CreatedAt).HasColumnName("created_at").HasConversion<UnixMilliseconds>();
        builder.Property(a => a.PasswordAt).HasColumnName("password_at").HasConversion<UnixMilliseconds>();
    }
}

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.Property(s => s.Id).HasColumnName("id").HasConversion<byte[]>();
        builder.Property(s => s.User).HasColumnName("user");
        builder.Property(s => s.Seed).HasColumnName("seed");
        builder.Property(s => s.CreatedAt).HasColumnName("created_at").HasConversion<UnixMilliseconds>();
        builder.Property(s => s.Address).HasColumnName("address");
        builder.Property(s => s.Agent).HasColumnName("agent");
        builder.Property(s => s.Generation).HasColumnName("generation");
        builder.Property(s => s.RotatedAt).HasColumnName("rotated_at").HasConversion<UnixMilliseconds>();
        builder.Property(s => s.ExpiresAt).HasColumnName("expires_at").HasConversion<UnixMilliseconds>();
    }
}

internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    at => at.ToUnixTimeMilliseconds(), at => DateTimeOffset.FromUnixTimeMilliseconds(at));
