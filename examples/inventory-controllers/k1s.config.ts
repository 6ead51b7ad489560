import { defineConfig } from '@k1s/controller-runtime/config'
import { addCategoryController } from './src/category-controller.ts'
import { addStockController } from './src/stock-controller.ts'

export default defineConfig({
  controllers(manager) {
    addCategoryController(manager)
    addStockController(manager)
  },
})
