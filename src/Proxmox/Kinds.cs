namespace Jarvis.Proxmox;

public enum GuestType
{
    Qemu,
    Lxc,
}

/// <summary>How far back a history reaches; <see cref="Decade"/> is for nodes of Proxmox VE 9 alone.</summary>
public enum RrdSpan
{
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
}

/// <summary>How samples within a step are folded into one.</summary>
public enum RrdFold
{
    Average,
    Maximum,
}
