namespace Ferry.Hives.Bcd;

/// <summary>What an element holds, by bits 24 to 27 of its id.</summary>
internal enum BcdElementFormat
{
    Device = 1,
    Text = 2,
    Object = 3,
    ObjectList = 4,
    Integer = 5,
    Boolean = 6,
}
