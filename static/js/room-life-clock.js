// A moment of the server on the clock of the meeting: «18:42».
export const clockOf = (moment) => new Date(moment).toLocaleTimeString("el-GR", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Europe/Athens" });
