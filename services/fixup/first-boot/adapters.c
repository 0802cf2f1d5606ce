/* Network adapters: found by MAC address, renamed; those of the old platform removed. */
#include "first-boot.h"
#include <cfgmgr32.h>
#include <iphlpapi.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define MAC_LENGTH 6
#define LONGEST_NAME 256
#define NETSH_SECONDS 60
#define POLL_MS 1000

static const GUID network_adapters = { 0x4d36e972, 0xe325, 0x11ce, { 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18 } };

/* All adapters that are there; the caller frees the list. */
static IP_ADAPTER_ADDRESSES *list_adapters(void)
{
    ULONG size = 32768;
    for (int i = 0; i < 5; i++) {
        IP_ADAPTER_ADDRESSES *list = malloc(size);
        if (!list)
            return NULL;
        ULONG error = GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_SKIP_UNICAST | GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER, NULL, list, &size);
        if (error == ERROR_SUCCESS)
            return list;
        free(list);
        if (error != ERROR_BUFFER_OVERFLOW)
            return NULL;
    }
    return NULL;
}

static int digit(wchar_t c)
{
    return c >= L'0' && c <= L'9' ? c - L'0' : c >= L'A' && c <= L'F' ? c - L'A' + 10 : c >= L'a' && c <= L'f' ? c - L'a' + 10 : -1;
}

/* The bytes of hexadecimal digits; -1 when they are none or too many. */
static int bytes_of(const wchar_t *hex, BYTE *bytes, int most)
{
    int count = 0;
    for (; hex[0]; hex += 2) {
        if (count == most || digit(hex[0]) < 0 || digit(hex[1]) < 0)
            return -1;
        bytes[count++] = (BYTE)(digit(hex[0]) * 16 + digit(hex[1]));
    }
    return count;
}

int adapter_find(const wchar_t *mac, DWORD seconds)
{
    BYTE wanted[MAC_LENGTH];
    if (bytes_of(mac, wanted, MAC_LENGTH) != MAC_LENGTH)
        return 2;
    ULONGLONG begin = GetTickCount64();
    do {
        IP_ADAPTER_ADDRESSES *list = list_adapters();
        for (IP_ADAPTER_ADDRESSES *a = list; a; a = a->Next) {
            if (a->IfType == IF_TYPE_ETHERNET_CSMACD && a->IfIndex && a->PhysicalAddressLength == MAC_LENGTH && !memcmp(a->PhysicalAddress, wanted, MAC_LENGTH)) {
                printf("%lu %s\n", a->IfIndex, a->AdapterName);
                free(list);
                return 0;
            }
        }
        free(list);
        Sleep(POLL_MS);
    } while (GetTickCount64() - begin < (ULONGLONG)seconds * 1000);
    fwprintf(stderr, L"no adapter has the address %ls\n", mac);
    return 1;
}

int adapter_rename(const wchar_t *index, const wchar_t *hex)
{
    wchar_t name[LONGEST_NAME], old[LONGEST_NAME] = L"", system[MAX_PATH], command[3 * LONGEST_NAME + MAX_PATH];
    int length = bytes_of(hex, (BYTE *)name, (LONGEST_NAME - 1) * (int)sizeof *name);
    if (length < 2 || length % 2 || !GetSystemDirectoryW(system, MAX_PATH))
        return 2;
    name[length / 2] = 0;
    /* No name of Windows has these; none of the others ends a quoted word of a command line. */
    for (const wchar_t *c = name; *c; c++)
        if (*c < 32 || wcschr(L"\"\\/:*?<>|", *c))
            return 2;
    IP_ADAPTER_ADDRESSES *list = list_adapters();
    for (IP_ADAPTER_ADDRESSES *a = list; a; a = a->Next)
        if (a->IfIndex == wcstoul(index, NULL, 10) && wcslen(a->FriendlyName) < LONGEST_NAME)
            wcscpy(old, a->FriendlyName);
    free(list);
    if (!old[0])
        return 1;
    if (!wcscmp(old, name))
        return 0;
    swprintf(command, sizeof command / sizeof *command, L"\"%ls\\netsh.exe\" interface set interface name=\"%ls\" newname=\"%ls\"", system, old, name);
    STARTUPINFOW start = { .cb = sizeof start };
    PROCESS_INFORMATION process;
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return 1;
    DWORD code = 1;
    if (WaitForSingleObject(process.hProcess, NETSH_SECONDS * 1000) == WAIT_OBJECT_0)
        GetExitCodeProcess(process.hProcess, &code);
    else
        TerminateProcess(process.hProcess, 1);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code != 0;
}

/* A GUID with braces and nothing else: it becomes part of a key's name. */
static BOOL is_guid(const wchar_t *text)
{
    static const wchar_t shape[] = L"{########-####-####-####-############}";
    if (wcslen(text) != wcslen(shape))
        return FALSE;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == L'#' ? digit(text[i]) < 0 : shape[i] != text[i])
            return FALSE;
    return TRUE;
}

int adapter_forget(const wchar_t *guid)
{
    static const wchar_t *const keys[] = { L"Tcpip\\Parameters\\Interfaces\\", L"Tcpip6\\Parameters\\Interfaces\\", L"NetBT\\Parameters\\Interfaces\\Tcpip_" };
    if (!is_guid(guid))
        return 2;
    IP_ADAPTER_ADDRESSES *list = list_adapters();
    BOOL present = !list;
    for (IP_ADAPTER_ADDRESSES *a = list; a; a = a->Next) {
        wchar_t name[LONGEST_NAME];
        swprintf(name, LONGEST_NAME, L"%hs", a->AdapterName);
        present |= !_wcsicmp(name, guid);
    }
    free(list);
    if (present)
        return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        wchar_t key[LONGEST_NAME];
        swprintf(key, LONGEST_NAME, L"SYSTEM\\CurrentControlSet\\Services\\%ls%ls", keys[i], guid);
        LSTATUS error = RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);
        if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND)
            return 1;
    }
    return 0;
}

/* Whether a bus finds it by itself: adapters of VPNs and teams stay. */
static BOOL is_hardware(const wchar_t *instance)
{
    static const wchar_t *const buses[] = { L"PCI\\", L"VMBUS\\", L"XENVIF\\", L"XENBUS\\" };
    for (size_t i = 0; i < sizeof buses / sizeof *buses; i++)
        if (!_wcsnicmp(instance, buses[i], wcslen(buses[i])))
            return TRUE;
    return FALSE;
}

int adapters_remove_absent(void)
{
    HDEVINFO devices = SetupDiGetClassDevsW(&network_adapters, NULL, NULL, 0);
    if (devices == INVALID_HANDLE_VALUE)
        return 1;
    int failed = 0;
    SP_DEVINFO_DATA device = { .cbSize = sizeof device };
    for (DWORD i = 0; SetupDiEnumDeviceInfo(devices, i, &device); i++) {
        wchar_t instance[LONGEST_NAME];
        ULONG status, problem;
        if (!SetupDiGetDeviceInstanceIdW(devices, &device, instance, LONGEST_NAME, NULL) || !is_hardware(instance)
            || CM_Get_DevNode_Status(&status, &problem, device.DevInst, 0) != CR_NO_SUCH_DEVINST)
            continue;
        SP_REMOVEDEVICE_PARAMS parameters = {
            .ClassInstallHeader = { sizeof parameters.ClassInstallHeader, DIF_REMOVE },
            .Scope = DI_REMOVEDEVICE_GLOBAL,
        };
        BOOL removed = SetupDiSetClassInstallParamsW(devices, &device, &parameters.ClassInstallHeader, sizeof parameters) && SetupDiCallClassInstaller(DIF_REMOVE, devices, &device);
        wprintf(removed ? L"removed %ls\n" : L"cannot remove %ls: error %lu\n", instance, GetLastError());
        failed |= !removed;
    }
    SetupDiDestroyDeviceInfoList(devices);
    return failed;
}
