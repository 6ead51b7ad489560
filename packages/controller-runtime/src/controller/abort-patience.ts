/** How long reconciles have to end once their signal has aborted, milliseconds. After that they are given up. */
export const abortPatience = 1000
