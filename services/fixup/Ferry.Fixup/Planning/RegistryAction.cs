namespace Ferry.Fixup.Planning;

/// <summary>What is done to a registry hive.</summary>
public enum RegistryAction
{
    /// <summary>A value is set; its key is made where it is missing.</summary>
    SetValue,

    /// <summary>A value is deleted.</summary>
    DeleteValue,

    /// <summary>A key is deleted with everything below it.</summary>
    DeleteKey,
}
