import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.JARVIS_SERVER ?? 'http://127.0.0.1:5080'

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: {
    proxy: {
      '/api': { target: server },
      '/hubs': { target: server, ws: true },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}', 'tests/*.test.{ts,tsx}'], environment: 'happy-dom' },
})
